"""SSIMULACRA2 agrees with the reference implementation, and its gradients with differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter
from stand_ins import light, textured

from photoguard.perception.ssimulacra2 import Ssimulacra2

SIDE = 96


def picture() -> Image.Image:
    return Image.fromarray(textured(SIDE, 0, 6))


def changes() -> dict[str, Image.Image]:
    chance = np.random.default_rng(9)
    clean = picture()
    noisy = np.clip(np.asarray(clean) + chance.normal(0, 8, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)
    tinted = np.asarray(clean).copy()
    tinted[20:60, 20:60, 2] //= 2
    return {
        "noise": Image.fromarray(noisy),
        "blur": clean.filter(ImageFilter.GaussianBlur(1.2)),
        "tint": Image.fromarray(tinted),
        "shift": Image.fromarray(np.roll(np.asarray(clean), 1, 1)),
    }


@pytest.mark.parametrize("name", list(changes()))
def test_the_score_is_the_references(name: str, tmp_path: Path) -> None:
    reference = pytest.importorskip("ssimulacra2")
    before, after = picture(), changes()[name]
    before.save(tmp_path / "before.png")
    after.save(tmp_path / "after.png")
    expected = reference.compute_ssimulacra2(str(tmp_path / "before.png"), str(tmp_path / "after.png"))
    ours = float(Ssimulacra2(light(before)).score(light(after)))
    assert ours == pytest.approx(expected, abs=1.5)


def test_the_same_picture_scores_a_hundred_with_finite_gradients() -> None:
    clean = light(picture())
    same = clean.clone().requires_grad_()
    score = Ssimulacra2(clean).score(same)
    score.backward()
    assert score.item() == pytest.approx(100, abs=0.1)
    assert same.grad is not None
    assert torch.isfinite(same.grad).all()


def test_more_of_a_change_never_scores_higher() -> None:
    clean, noisy = light(picture()), light(changes()["noise"])
    judge = Ssimulacra2(clean)
    scores = [float(judge.score(clean + share * (noisy - clean))) for share in (0.1, 0.3, 0.6, 1.0)]
    assert scores == sorted(scores, reverse=True)


def test_gradients_agree_with_differences() -> None:
    clean, start = light(picture()), light(changes()["noise"])
    judge = Ssimulacra2(clean)
    point = start.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(judge.score(point), point)
    direction = gradient / gradient.norm()
    step = 0.05
    difference = float(judge.score(start + step * direction) - judge.score(start - step * direction)) / (2 * step)
    assert difference == pytest.approx(float((gradient * direction).sum()), rel=0.05)
