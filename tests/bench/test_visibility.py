"""Measures of visibility, against other implementations where there are any."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from stand_ins import drawn, face_at

from photoguard.bench.ssim import ssim
from photoguard.bench.visibility import visibility

_FACE = face_at(80, 50, 130)


def _pair(noise: float) -> tuple[np.ndarray, np.ndarray]:
    picture = drawn(320, 280, (_FACE,))
    chance = np.random.default_rng(3)
    changed = np.clip(picture + chance.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)
    return picture, changed


def test_no_change_is_invisible_by_every_measure() -> None:
    picture, _ = _pair(0)
    seen = visibility(picture, picture, _FACE.box)
    assert seen["ssimulacra2"] > 99.9
    assert seen["butteraugli"] < 0.01
    assert seen["psnr"] == 99
    assert seen["ssim"] == pytest.approx(1)
    assert seen["dssim"] == pytest.approx(0, abs=1e-6)


def test_more_noise_is_more_visible_by_every_measure() -> None:
    looks = [visibility(*_pair(noise), _FACE.box) for noise in (1, 3, 8)]
    for name, sign in (("ssimulacra2", -1), ("butteraugli", 1), ("psnr", -1), ("ssim", -1), ("dssim", 1)):
        values = [sign * look[name] for look in looks]
        assert values == sorted(values), name


def test_what_changes_outside_the_face_is_not_counted() -> None:
    picture, changed = _pair(8)
    box = _FACE.box
    rows, columns = (
        slice(int(box.y), int(box.y + box.height) + 1),
        slice(int(box.x), int(box.x + box.width) + 1),
    )
    changed[rows, columns] = picture[rows, columns]
    assert visibility(picture, changed, box)["psnr"] == 99


def test_ssim_agrees_with_scikit_image() -> None:
    metrics = pytest.importorskip("skimage.metrics", reason="scikit-image is the oracle")
    one, other = (x[..., 1].astype(np.float64) / 255 for x in _pair(6))
    theirs = metrics.structural_similarity(
        one, other, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0
    )
    ours = ssim(*(torch.from_numpy(x).float()[None, None] for x in (one, other)))
    assert float(ours) == pytest.approx(theirs, abs=2e-3)


@pytest.mark.oracle
def test_our_butteraugli_agrees_with_libjxl() -> None:
    if shutil.which("butteraugli_main") is None:
        pytest.skip("no butteraugli_main: apt install libjxl-devtools")
    seen = visibility(*_pair(4), _FACE.box)
    assert seen["butteraugli"] == pytest.approx(seen["butteraugli_main"], rel=0.1)
