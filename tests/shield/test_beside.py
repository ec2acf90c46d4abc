"""A shield gives way to the cloaks, by no more than the budget asks for."""

from __future__ import annotations

import numpy as np
import pytest
from stand_ins import drawn, face_at, photo_of

from photoguard.domain import ImageFormat, Photo
from photoguard.shield import beside_cloaks
from photoguard.shield.beside import Pixels
from photoguard.shield.whole import WholePhoto

FACE = face_at(60, 50, 96)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return photo_of(drawn(240, 220, (FACE,)), ImageFormat.PNG)


def with_pattern(pixels: Pixels) -> Pixels:
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    wave = 8 * np.cos(rows * np.pi / 3) * np.cos(columns * np.pi / 3)
    return np.clip(pixels + wave[:, :, None], 0, 255).astype(np.uint8)


def with_cloak(pixels: Pixels) -> Pixels:
    changed = pixels.astype(int)
    changed[70:120, 80:130] += 14
    return np.clip(changed, 0, 255).astype(np.uint8)


def test_with_room_for_both_nothing_is_touched(photo: Photo) -> None:
    shielded = with_pattern(photo.pixels)
    cloaked = with_cloak(shielded)
    least = WholePhoto(photo, photo.encoding, 1.0).score(cloaked) - 1
    assert beside_cloaks(photo, shielded, cloaked, least, encoding=photo.encoding) is cloaked


def test_a_shield_that_takes_too_much_is_weakened_and_the_cloak_stays(photo: Photo) -> None:
    shielded = with_pattern(photo.pixels)
    cloaked, alone = with_cloak(shielded), with_cloak(photo.pixels)
    whole = WholePhoto(photo, photo.encoding, 1.0)
    least = (whole.score(cloaked) + whole.score(alone)) / 2
    found = beside_cloaks(photo, shielded, cloaked, least, encoding=photo.encoding)
    assert found is not None
    assert whole.score(found) >= least
    kept = np.abs(found.astype(int) - alone).mean() / np.abs(cloaked.astype(int) - alone).mean()
    assert 0.2 < kept < 0.9


def test_where_not_even_a_little_fits_there_is_none(photo: Photo) -> None:
    shielded = with_pattern(photo.pixels)
    assert beside_cloaks(photo, shielded, with_cloak(shielded), 99.9, encoding=photo.encoding) is None


def test_the_score_is_of_the_posted_pixels(photo: Photo) -> None:
    """A wave of six pixels is gone once the photo is reduced to a third."""
    pixels = with_pattern(photo.pixels)
    full, reduced = (WholePhoto(photo, photo.encoding, zoom).score(pixels) for zoom in (1.0, 1 / 3))
    assert reduced > full + 3
