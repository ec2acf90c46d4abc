"""Coding must leave room for the cloak."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from stand_ins import drawn, face_at, photo_of

from photoguard.cloak import PRESETS, fine_enough
from photoguard.cloak.region import around
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.domain import Encoding, ImageFormat, Strength, Subsampling
from photoguard.pixels import decode

FACE = face_at(60, 50, 60)
BUDGET = PRESETS[Strength.STANDARD].budget


@pytest.mark.parametrize("kind", [ImageFormat.JPEG, ImageFormat.WEBP])
def test_a_fresh_coding_gets_finer_until_there_is_room(kind: ImageFormat) -> None:
    photo = photo_of(drawn(200, 180, (FACE,)))
    coarse = Encoding(kind, subsampling=Subsampling.S444, quality=40)
    chosen = fine_enough(photo, [FACE], coarse, BUDGET)
    assert chosen.quality > 40
    assert replace(chosen, quality=40) == coarse
    region = around(FACE)
    assert Rehearsal(photo.pixels, photo.pixels, region, chosen).unchanged() > BUDGET.least_ssimulacra2
    assert Rehearsal(photo.pixels, photo.pixels, region, coarse).unchanged() < BUDGET.least_ssimulacra2


def test_enough_is_left_as_it_is() -> None:
    photo = photo_of(drawn(200, 180, (FACE,)))
    fine = Encoding(ImageFormat.JPEG, subsampling=Subsampling.S444, quality=100)
    assert fine_enough(photo, [FACE], fine, BUDGET) == fine
    assert fine_enough(photo, [], replace(fine, quality=30), BUDGET).quality == 30


@pytest.mark.parametrize("kind", [ImageFormat.JPEG, ImageFormat.PNG])
def test_a_kept_format_is_coded_as_its_source_was(kind: ImageFormat) -> None:
    photo = photo_of(drawn(200, 180, (FACE,)), kind)
    assert fine_enough(photo, [FACE], photo.encoding, BUDGET) is photo.encoding


def test_a_photo_in_print_colours_is_coded_for_the_first_time() -> None:
    """Its own tables were made for four inks; with them the coding alone would spend the budget."""
    coded = io.BytesIO()
    Image.fromarray(drawn(200, 180, (FACE,))).convert("CMYK").save(coded, "JPEG", quality=40)
    photo = decode(coded.getvalue())
    assert photo.encoding.quantisation
    chosen = fine_enough(photo, [FACE], photo.encoding, BUDGET)
    assert chosen.quality > photo.encoding.quality
    region = around(FACE)
    assert Rehearsal(photo.pixels, photo.pixels, region, chosen).unchanged() > BUDGET.least_ssimulacra2
