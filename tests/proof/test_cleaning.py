"""What a determined person would try keeps the picture and takes fine changes away."""

from __future__ import annotations

import numpy as np
import pytest
from stand_ins import textured

from photoguard.proof.cleaning import COUNTER_MEASURES

NAMES = sorted(COUNTER_MEASURES)
SMOOTHING = ("blur", "median", "down_up", "bilateral", "non_local_means", "total_variation")


@pytest.mark.parametrize("name", NAMES)
def test_size_and_picture_stay(name: str) -> None:
    pixels = textured(90, 4, 3)[:70]
    before = pixels.copy()
    cleaned = COUNTER_MEASURES[name](pixels)
    assert cleaned.shape == pixels.shape
    assert cleaned.dtype == np.uint8
    assert np.array_equal(pixels, before), "the input is left alone"
    inner = slice(10, -10), slice(10, -10)
    assert np.abs(cleaned[inner].astype(int) - pixels[inner]).mean() < 12


@pytest.mark.parametrize("name", NAMES)
def test_a_flat_picture_has_nothing_to_clean(name: str) -> None:
    flat = np.full((64, 64, 3), 120, np.uint8)
    inner = slice(8, -8), slice(8, -8)
    assert np.abs(COUNTER_MEASURES[name](flat)[inner].astype(int) - 120).max() <= 1


@pytest.mark.parametrize("name", SMOOTHING)
def test_noise_on_a_smooth_picture_becomes_less(name: str) -> None:
    smooth, noisy = textured(96, 5, 0), textured(96, 5, 8)
    inner = slice(8, -8), slice(8, -8)

    def off(pixels: np.ndarray) -> float:
        return float(np.square(pixels[inner].astype(float) - smooth[inner]).mean())

    assert off(COUNTER_MEASURES[name](noisy)) < 0.5 * off(noisy)


@pytest.mark.parametrize("name", ["bilateral", "median", "non_local_means", "total_variation"])
def test_those_that_keep_edges_keep_them(name: str) -> None:
    """Where a plain blur of the same strength smears them."""
    step = np.zeros((64, 64, 3), np.uint8)
    step[:, 32:] = 200
    cleaned, blurred = (COUNTER_MEASURES[which](step)[32].astype(int) for which in (name, "blur"))
    assert cleaned[32, 0] - cleaned[31, 0] > 2 * (blurred[32, 0] - blurred[31, 0])
