"""The rebuilt recognition network against dlib itself, and files that are not it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image

from photoguard.encoders import dlib_resnet, dlib_weights
from photoguard.errors import Failed, ProblemCode
from photoguard.faces.dlib_files import RESNET, path_of

Chips = list[npt.NDArray[np.uint8]]


@pytest.fixture(scope="module")
def network() -> dlib_resnet.DlibResNet:
    return dlib_resnet.load()


@pytest.fixture(scope="module")
def chips(portrait: Path) -> Chips:
    """Faces, parts of a photo, noise and flat colours: (150, 150, 3)."""
    photo = Image.open(portrait).convert("RGB")
    chance = np.random.default_rng(3)
    cut = [
        photo.crop((x, y, x + s, y + s)).resize((150, 150)) for x, y, s in ((150, 40, 150), (160, 60, 110), (0, 0, 512))
    ]
    noise = [chance.integers(0, 256, (150, 150, 3)) for _ in range(3)]
    soft = [np.clip(chance.normal(level, 30, (150, 150, 3)), 0, 255) for level in (60, 128, 200)]
    flat = [np.full((150, 150, 3), level) for level in (0, 255)]
    return [np.ascontiguousarray(chip, dtype=np.uint8) for chip in (*cut, *noise, *soft, *flat)]


def tensor(chips: Chips) -> torch.Tensor:
    return torch.from_numpy(np.stack(chips)).permute(0, 3, 1, 2).float() / 255


def test_it_agrees_with_dlib(network: dlib_resnet.DlibResNet, chips: Chips) -> None:
    import dlib

    oracle = dlib.face_recognition_model_v1(str(path_of(RESNET)))
    theirs = np.array([np.array(oracle.compute_face_descriptor(chip)) for chip in chips])
    with torch.no_grad():
        ours = network(tensor(chips)).numpy()
    assert np.linalg.norm(ours - theirs, axis=1).max() < 1e-4


def test_embeddings_are_unit_vectors_in_the_same_direction(network: dlib_resnet.DlibResNet, chips: Chips) -> None:
    with torch.no_grad():
        raw, unit = network(tensor(chips)), network.embed(tensor(chips))
    assert torch.allclose(unit.norm(dim=1), torch.ones(len(chips)), atol=1e-5)
    assert torch.allclose(raw / raw.norm(dim=1, keepdim=True), unit, atol=1e-6)


def test_a_batch_is_what_its_members_are(network: dlib_resnet.DlibResNet, chips: Chips) -> None:
    with torch.no_grad():
        together = network(tensor(chips[:3]))
        alone = torch.cat([network(tensor([chip])) for chip in chips[:3]])
    assert torch.allclose(together, alone, atol=1e-5)


def test_its_gradient_is_the_slope() -> None:
    double = dlib_resnet.load().double()
    # no two values are equal: where pixels tie in a pooling window the slope depends on the way
    chip = torch.rand(1, 3, 150, 150, generator=torch.Generator().manual_seed(5)).double().requires_grad_()
    towards = torch.randn(128, generator=torch.Generator().manual_seed(1)).double()
    slope = torch.autograd.grad((double.embed(chip) * towards).sum(), chip)[0]
    draw = torch.Generator().manual_seed(2)
    for _ in range(3):
        way = torch.randn(chip.shape, generator=draw).double()
        step = 1e-8
        with torch.no_grad():
            ahead, behind = (double.embed(chip + sign * step * way) for sign in (1, -1))
        measured = float(((ahead - behind) * towards).sum() / (2 * step))
        assert float((slope * way).sum()) == pytest.approx(measured, rel=1e-4, abs=1e-6)


def test_its_weights_take_no_gradient(network: dlib_resnet.DlibResNet) -> None:
    assert not any(parameter.requires_grad for parameter in network.parameters())


@pytest.fixture(scope="module")
def file() -> bytes:
    return path_of(RESNET).read_bytes()


def refusal(data: bytes) -> Failed:
    with pytest.raises(Failed) as caught:
        dlib_weights.parse(data)
    assert caught.value.problem.code is ProblemCode.MODEL_BROKEN
    assert caught.value.problem.facts["model"] == "dlib"
    return caught.value


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.999])
def test_a_cut_file_is_named_broken(file: bytes, share: float) -> None:
    refusal(file[: int(len(file) * share)])


def test_a_file_of_something_else_is_named_broken() -> None:
    refusal(b"")
    refusal(bytes(100_000))
    refusal(np.random.default_rng(0).bytes(100_000))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_layers_end_in_the_named_error_or_in_numbers(file: bytes, seed: int) -> None:
    """Damage near the heads of layers, where counts and shapes stand."""
    chance = np.random.default_rng(seed)
    heads = [
        position
        for name in (b"\x01\x05con_4", b"\x01\x07affine_", b"\x01\x04fc_2")
        if (position := file.find(name)) >= 0
    ]
    damaged = bytearray(file)
    for _ in range(3):
        damaged[int(chance.choice(heads)) + int(chance.integers(0, 40))] = int(chance.integers(0, 256))
    with suppress(Failed):
        weights = dlib_weights.parse(bytes(damaged))
        assert len(weights.convolutions) == dlib_weights.CONVOLUTIONS


def test_one_changed_bit_is_not_that_file(file: bytes, tmp_path: Path) -> None:
    changed = bytearray(file)
    changed[len(file) // 2] ^= 1
    path = tmp_path / RESNET
    path.write_bytes(changed)
    with pytest.raises(Failed) as caught:
        dlib_weights.read_resnet(path)
    assert caught.value.problem.code is ProblemCode.MODEL_BROKEN


def test_a_missing_file_is_named_broken(tmp_path: Path) -> None:
    with pytest.raises(Failed) as caught:
        dlib_weights.read_resnet(tmp_path / "nothing.dat")
    assert caught.value.problem.code is ProblemCode.MODEL_BROKEN
