"""Posting does what the platform's row says, in its order."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from stand_ins import textured

from photoguard.platforms import WAYS, Handling, Step
from photoguard.proof.posting import posted, posted_part


def by_hand(image: Image.Image, step: Step) -> Image.Image:
    """The same with Pillow alone: reduce, then code."""
    after = step.size_after(image.size)
    filters = {"lanczos": Image.Resampling.LANCZOS, "bilinear": Image.Resampling.BILINEAR}
    image = image.resize(after, filters[step.filter]) if after != image.size else image
    if step.quality is None:
        return image
    coded = io.BytesIO()
    image.save(coded, "JPEG", quality=step.quality, subsampling=2, progressive=step.is_progressive)
    return Image.open(coded)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_resizes_first_and_codes_then_step_by_step(way: Handling) -> None:
    pixels = textured(1400, 3, 6)
    wanted = Image.fromarray(pixels)
    for step in way.steps:
        wanted = by_hand(wanted, step)
    assert np.array_equal(posted(pixels, way), np.asarray(wanted.convert("RGB")))


def test_a_step_without_quality_loses_nothing() -> None:
    pixels = textured(64, 1, 9)
    assert np.array_equal(posted(pixels, Handling("copy", (Step(),), "chosen", "-")), pixels)


def test_a_grey_photo_comes_out_in_colour_and_a_grey_part_stays_grey() -> None:
    grey = textured(96, 2, 4)[..., 0]
    way = WAYS[0]
    assert posted(grey, way).shape == (96, 96, 3)
    assert posted_part(grey, way, 0.5).shape == (48, 48)
