"""A folder's recognisers by name: the right bytes, the right pixels, and no judge among the surrogates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from photoguard.encoders import BUILT_IN, installed, judges, load
from photoguard.encoders.model_folder import Role, recognisers
from photoguard.errors import Failed, PhotoguardError, ProblemCode, UsageMistake

Write = Callable[..., Path]
POINTS = "[[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]"


def network() -> bytes:
    """Mean of each corner quarter, channel by channel: 12 numbers that tell order, range and place of the pixels."""
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    nodes = [
        helper.make_node("AveragePool", ["x"], ["quarters"], kernel_shape=[56, 56], strides=[56, 56]),
        helper.make_node("Flatten", ["quarters"], ["y"]),
    ]
    ends = helper.make_tensor_value_info("x", 1, [1, 3, 112, 112]), helper.make_empty_tensor_value_info("y")
    model = helper.make_model(
        helper.make_graph(nodes, "g", [ends[0]], [ends[1]]), opset_imports=[helper.make_opsetid("", 13)]
    )
    data: bytes = model.SerializeToString()
    return data


def entry(name: str = "mine", **changes: Any) -> str:
    fields = {
        "name": name,
        "file": "net.onnx",
        "role": "surrogate",
        "input": "RGB, 0..1, 112x112",
        "template": "arcface112",
    } | changes
    lines = [
        f"{key} = {value if isinstance(value, int) else repr(value)}"
        for key, value in fields.items()
        if value is not None
    ]
    return "\n".join(["[[model]]", *lines, ""])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "net.onnx").write_bytes(network())
    monkeypatch.setenv("PHOTOGUARD_MODELS", str(tmp_path))
    return tmp_path


def describe(folder: Path, *entries: str) -> None:
    (folder / "MANIFEST.toml").write_text("\n".join(entries), encoding="utf-8")


def code(attempt: Callable[[], object]) -> ProblemCode:
    with pytest.raises(PhotoguardError) as caught:
        attempt()
    return caught.value.problem.code


def test_without_a_folder_there_is_dlib_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTOGUARD_MODELS", raising=False)
    assert installed() == BUILT_IN
    assert [encoder.name for encoder in load()] == [*BUILT_IN]
    assert code(lambda: load(["mine"])) is ProblemCode.UNKNOWN_MODEL


def test_surrogates_of_the_folder_come_after_dlib(folder: Path) -> None:
    other = network() + b"\x12\x00"
    (folder / "judge.onnx").write_bytes(other)
    describe(
        folder, entry("first"), entry("judge", role="evaluator", file="judge.onnx"), entry("finder", role="detector")
    )
    assert installed() == (*BUILT_IN, "first")
    assert [encoder.name for encoder in load()] == [*BUILT_IN, "first"]
    assert [encoder.name for encoder in load(["first", "dlib", "first"])] == ["first", "dlib"]
    assert [judge.name for judge in judges.judges(folder)] == ["judge"]


def test_judges_cannot_be_had_as_surrogates(folder: Path) -> None:
    describe(folder, entry("judge", role="evaluator"))
    with pytest.raises(UsageMistake) as caught:
        load(["dlib", "judge"])
    assert caught.value.problem.code is ProblemCode.EVALUATOR_ONLY
    assert caught.value.problem.facts["model"] == "judge"
    (judge,) = judges.judges(folder)
    assert judges.load(judge).name == "judge"


@pytest.mark.parametrize("way", ["path", "detour", "hash", "link"])
def test_a_judges_file_under_another_name_makes_the_list_worthless(folder: Path, way: str) -> None:
    digest = hashlib.sha256(network()).hexdigest()
    file = "net.onnx"
    if way == "detour":
        (folder / "sub").mkdir()
        file = "./net.onnx"
    elif way == "hash":
        file = "copy.onnx"
        (folder / file).write_bytes(network())
    elif way == "link":
        file = "link.onnx"
        try:
            (folder / file).symlink_to(folder / "net.onnx")
        except OSError:
            pytest.skip("no symbolic links here")
    hashed = digest if way == "hash" else None
    describe(folder, entry("judge", role="evaluator", sha256=hashed), entry("same", file=file, sha256=hashed))
    assert code(lambda: load(["same"])) is ProblemCode.MODEL_LIST_BROKEN
    assert code(lambda: load(["judge"])) is ProblemCode.MODEL_LIST_BROKEN


def test_files_must_be_what_the_list_describes(folder: Path) -> None:
    data = network()
    digest = hashlib.sha256(data).hexdigest()
    describe(folder, entry(sha256=digest, bytes=len(data)))
    assert load(["mine"])[0].name == "mine"
    (folder / "net.onnx").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert code(lambda: load(["mine"])) is ProblemCode.MODEL_CHANGED
    (folder / "net.onnx").write_bytes(data + b"\x12\x00")
    assert code(lambda: load(["mine"])) is ProblemCode.MODEL_CHANGED
    describe(folder, entry(bytes=len(data)))
    assert code(lambda: load(["mine"])) is ProblemCode.MODEL_CHANGED
    (folder / "net.onnx").unlink()
    assert code(lambda: load(["mine"])) is ProblemCode.MODEL_UNREADABLE


def test_broken_files_are_named(folder: Path) -> None:
    describe(folder, entry())
    (folder / "net.onnx").write_bytes(b"<html>")
    with pytest.raises(Failed) as caught:
        load(["mine"])
    assert caught.value.problem.facts["model"] == "mine"


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "../net.onnx"},
        {"file": "/net.onnx"},
        {"file": "C:net.onnx"},
        {"file": "a\\..\\net.onnx"},
        {"file": ""},
        {"file": None},
        {"name": "../mine"},
        {"name": ""},
        {"name": 5},
        {"template": "unknown"},
        {"template": None},
        {"input": "CMYK, 0..1"},
        {"input": None},
        {"input": "RGB, 0..1, 160x160"},
        {"sha256": "abc"},
        {"sha256": "A" * 64},
        {"bytes": "many"},
        {"thresholds": "low"},
    ],
)
def test_lists_that_are_not_understood(folder: Path, changes: dict[str, Any]) -> None:
    describe(folder, entry(**changes))
    assert code(installed) is ProblemCode.MODEL_LIST_BROKEN


@pytest.mark.parametrize("text", ["[[model]", "model = 3", "model = [1]", "templates = 3", "\0", "x = " + "[" * 2000])
def test_lists_that_are_no_lists(folder: Path, text: str) -> None:
    describe(folder, text)
    assert code(installed) is ProblemCode.MODEL_LIST_BROKEN


def test_a_folder_without_a_list(folder: Path) -> None:
    assert code(installed) is ProblemCode.MODEL_LIST_BROKEN
    # what needs no folder works all the same
    assert [encoder.name for encoder in load(("dlib",))] == ["dlib"]


def test_two_of_one_name(folder: Path) -> None:
    describe(folder, entry(), entry())
    assert code(installed) is ProblemCode.MODEL_LIST_BROKEN


def test_a_list_cannot_replace_dlib(folder: Path) -> None:
    describe(folder, entry("dlib"))
    assert installed() == BUILT_IN
    assert type(load(["dlib"])[0]).__name__ == "DlibResNet"


def test_templates_must_mean_what_they_mean_here(folder: Path) -> None:
    describe(folder, "[templates]", f"arcface112 = {POINTS}", entry())
    assert installed() == (*BUILT_IN, "mine")
    describe(folder, "[templates]", f"arcface112 = {POINTS.replace('51.6963', '57.6963')}", entry())
    assert code(installed) is ProblemCode.MODEL_LIST_BROKEN


@pytest.mark.parametrize(
    ("line", "gain", "shift", "is_bgr"),
    [
        ("RGB, 0..1", 1.0, 0.0, False),
        ("BGR, 0..255", 255.0, 0.0, True),
        ("RGB, (x-127.5)/128", 255 / 128, -127.5 / 128, False),
        ("RGB, 0..1, minus (0.5,0.5,0.5), over (0.25,0.25,0.25)", 4.0, -2.0, False),
    ],
)
def test_pixels_arrive_as_the_list_says(folder: Path, line: str, gain: float, shift: float, is_bgr: bool) -> None:
    describe(folder, entry(input=line))
    (encoder,) = load(["mine"])
    assert (encoder.chip.template, encoder.chip.size) == ("arcface112", 112)
    chips = torch.rand(2, 3, 112, 112, generator=torch.Generator().manual_seed(1))
    channels = chips.numpy()[:, ::-1] if is_bgr else chips.numpy()
    quarters = channels.reshape(2, 3, 2, 56, 2, 56).mean((3, 5)).reshape(2, 12) * gain + shift
    wanted = quarters / np.linalg.norm(quarters, axis=1, keepdims=True)
    np.testing.assert_allclose(encoder.embed(chips).numpy(), wanted, atol=1e-4)


def test_embeddings_are_unit_vectors_with_gradients(folder: Path) -> None:
    describe(folder, entry())
    (encoder,) = load(["mine"])
    chips = torch.rand(2, 3, 112, 112).requires_grad_()
    vectors = encoder.embed(chips)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(2))
    (gradient,) = torch.autograd.grad(vectors[1, 0], chips)
    assert gradient[1].any()
    assert not gradient[0].any()


@pytest.mark.corpus
def test_the_folder_of_local_models(model_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOGUARD_MODELS", str(model_files))
    assert installed() == (*BUILT_IN, "openvino_0095", "foamliu", "espdl_mbf", "espdl_mfn")
    listed = recognisers(model_files)
    for kept in (one for one in listed if one.role is Role.EVALUATOR):
        assert code(lambda name=kept.name: load([name])) is ProblemCode.EVALUATOR_ONLY
        assert "far1e-3" in kept.thresholds
    for encoder in load():
        assert encoder.embed(torch.rand(1, 3, encoder.chip.size, encoder.chip.size)).shape[0] == 1
