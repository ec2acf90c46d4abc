"""Our butteraugli distance stays near libjxl's, and its gradients agree with differences."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter
from stand_ins import light, textured

from photoguard.perception.butteraugli import Butteraugli, QuickButteraugli, lines
from photoguard.perception.butteraugli.blurring import doubled

SIDE = 128


def picture() -> Image.Image:
    return Image.fromarray(textured(SIDE, 5, 5))


def changes() -> dict[str, Image.Image]:
    chance = np.random.default_rng(6)
    clean = picture()
    pixels = np.asarray(clean).astype(np.float64)
    wave = 5 * np.sin(np.arange(SIDE) / 6)[None, :, None]
    noise = chance.normal(0, 7, pixels.shape)
    return {
        "noise": Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8)),
        "waves": Image.fromarray(np.clip(pixels + wave, 0, 255).astype(np.uint8)),
        "blur": clean.filter(ImageFilter.GaussianBlur(1.0)),
    }


@pytest.mark.oracle
@pytest.mark.parametrize("name", list(changes()))
def test_the_distance_is_near_libjxls(name: str, tmp_path: Path) -> None:
    program = shutil.which("butteraugli_main")
    if program is None:
        pytest.skip("butteraugli_main (libjxl-devtools) is not installed")
    before, after = picture(), changes()[name]
    before.save(tmp_path / "before.png")
    after.save(tmp_path / "after.png")
    said = subprocess.run(
        [program, str(tmp_path / "before.png"), str(tmp_path / "after.png")], capture_output=True, text=True, check=True
    ).stdout
    expected = float(re.search(r"3-norm: ([0-9.]+)", said)[1])  # type: ignore[index]
    assert float(Butteraugli(light(before)).distance(light(after))) == pytest.approx(expected, rel=0.1)


MEASURES = pytest.mark.parametrize("measure", [Butteraugli, QuickButteraugli])


@MEASURES
def test_the_same_picture_is_at_no_distance(measure: type[Butteraugli | QuickButteraugli]) -> None:
    clean = light(picture())
    assert float(measure(clean).distance(clean)) < 0.01


@MEASURES
def test_more_of_a_change_is_farther(measure: type[Butteraugli | QuickButteraugli]) -> None:
    clean, noisy = light(picture()), light(changes()["noise"])
    judge = measure(clean)
    distances = [float(judge.distance(clean + share * (noisy - clean))) for share in (0.1, 0.3, 0.6, 1.0)]
    assert distances == sorted(distances)


@MEASURES
@pytest.mark.parametrize("size", [(128, 128), (127, 93), (15, 40)])
def test_gradients_agree_with_differences(size: tuple[int, int], measure: type[Butteraugli | QuickButteraugli]) -> None:
    rows, columns = size
    clean, start = (light(image)[:, :, :rows, :columns] for image in (picture(), changes()["noise"]))
    judge = measure(clean)
    point = start.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(judge.distance(point), point)
    direction = gradient / gradient.norm()
    step = 0.02 * rows / SIDE
    difference = float(judge.distance(start + step * direction) - judge.distance(start - step * direction)) / (2 * step)
    assert difference == pytest.approx(float((gradient * direction).sum()), rel=0.05)


def test_the_quick_measure_points_where_the_exact_one_does() -> None:
    """A cloak that follows another direction grows where only the quick measure is blind."""
    clean = light(picture())
    smooth = torch.nn.functional.avg_pool2d(light(changes()["noise"]) - clean, 5, 1, 2)  # no cloak is finer
    changed = (clean + 2 * smooth).clamp(0, 1)
    towards = []
    for measure in (Butteraugli, QuickButteraugli):
        point = changed.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(measure(clean).distance(point), point)
        gradient = torch.nn.functional.avg_pool2d(gradient, 5, 1, 2)
        towards.append(gradient / gradient.norm())
    assert float((towards[0] * towards[1]).sum()) > 0.9


@pytest.mark.parametrize("size", [(12, 18), (13, 17), (2, 3), (1, 2)])
def test_doubling_is_a_linear_enlargement_both_ways(size: tuple[int, int]) -> None:
    rows, columns = size
    half = -(-rows // 2), -(-columns // 2)
    x = torch.randn(1, 2, *half, generator=torch.Generator().manual_seed(2)).requires_grad_()
    plain = torch.nn.functional.interpolate(x, scale_factor=2, mode="bilinear")[:, :, :rows, :columns]
    large = doubled(x, rows, columns)
    assert torch.allclose(large, plain, atol=1e-5)
    weights = torch.randn(plain.shape, generator=torch.Generator().manual_seed(3))
    ours, true = (torch.autograd.grad((one * weights).sum(), x)[0] for one in (large, plain))
    assert torch.allclose(ours, true, atol=1e-5)


@pytest.mark.parametrize("directions", [lines.COARSE, lines.FINE])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [(12, 17), (9, 9)])
def test_energy_along_lines_is_that_of_a_convolution(
    size: tuple[int, int], stride: int, directions: tuple[lines.Direction, ...]
) -> None:
    chance = torch.Generator().manual_seed(1)
    x = torch.randn(1, 2, *size, generator=chance, dtype=torch.float64, requires_grad=True)
    total = torch.zeros(1, 1, 1, 1, dtype=torch.float64)
    for direction in directions:
        kernel = torch.zeros(9, 9, dtype=torch.float64)
        kernel[4, 4] = 1
        for dx, dy, share in direction.taps:
            kernel[4 + dy, 4 + dx] += share
            kernel[4 - dy, 4 - dx] += share
        line = torch.nn.functional.conv2d(x, kernel.expand(2, 1, 9, 9), padding=4, groups=2)
        total = total + direction.weight * line.square().sum(1, keepdim=True)
    found = lines.energy(x, directions, stride)
    expected = total[:, :, ::stride, ::stride]
    assert torch.allclose(found, expected)
    weights = torch.randn(found.shape, generator=chance, dtype=torch.float64)
    (ours,), (true,) = (torch.autograd.grad((seen * weights).sum(), x, retain_graph=True) for seen in (found, expected))
    assert torch.allclose(ours, true)
