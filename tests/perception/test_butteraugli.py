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

from photoguard.perception.butteraugli import Butteraugli

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


@pytest.mark.parametrize("exact", [True, False])
def test_the_same_picture_is_at_no_distance(*, exact: bool) -> None:
    clean = light(picture())
    assert float(Butteraugli(clean, exact=exact).distance(clean)) < 0.01


@pytest.mark.parametrize("exact", [True, False])
def test_more_of_a_change_is_farther(*, exact: bool) -> None:
    clean, noisy = light(picture()), light(changes()["noise"])
    judge = Butteraugli(clean, exact=exact)
    distances = [float(judge.distance(clean + share * (noisy - clean))) for share in (0.1, 0.3, 0.6, 1.0)]
    assert distances == sorted(distances)


@pytest.mark.parametrize("exact", [True, False])
def test_gradients_agree_with_differences(*, exact: bool) -> None:
    clean, start = light(picture()), light(changes()["noise"])
    judge = Butteraugli(clean, exact=exact)
    point = start.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(judge.distance(point), point)
    direction = gradient / gradient.norm()
    step = 0.02
    difference = float(judge.distance(start + step * direction) - judge.distance(start - step * direction)) / (2 * step)
    assert difference == pytest.approx(float((gradient * direction).sum()), rel=0.05)


def test_the_quick_measure_points_where_the_exact_one_does() -> None:
    """A cloak that follows another direction grows where only the quick measure is blind."""
    clean = light(picture())
    smooth = torch.nn.functional.avg_pool2d(light(changes()["noise"]) - clean, 5, 1, 2)  # no cloak is finer
    changed = (clean + 2 * smooth).clamp(0, 1)
    towards = []
    for exact in (True, False):
        point = changed.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(Butteraugli(clean, exact=exact).distance(point), point)
        gradient = torch.nn.functional.avg_pool2d(gradient, 5, 1, 2)
        towards.append(gradient / gradient.norm())
    assert float((towards[0] * towards[1]).sum()) > 0.9
