"""Leaves room for a cloak: how finely a photo must be coded so that coding alone does not spend the visibility budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from photoguard.cloak.presets import Budget
from photoguard.cloak.region import around
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.domain import Encoding, Face, ImageFormat, Photo

_FINER = (95, 98, 100)
_LEFT_FOR_THE_CLOAK = 0.6
"""Share of the budget that coding must leave."""


def fine_enough(photo: Photo, faces: Sequence[Face], encoding: Encoding, budget: Budget) -> Encoding:
    """``encoding``, of higher quality where the quality was ours to choose and would cost small faces their cloak.

    A photo that keeps its format is coded as its source was, which costs next to nothing a second time. One that becomes
    a JPEG or a lossy WebP loses detail for the first time, and SSIMULACRA2 is strict with small faces: 54 for a face of
    83 px at JPEG 92, where 65 is the standard budget for coding and cloak together.
    """
    # from print colours to a screen's is a first time too: another picture is coded than the one in the file
    is_matched = photo.encoding.format is encoding.format and "converted_from_cmyk" not in photo.notes
    if is_matched or encoding.is_lossless or encoding.format is ImageFormat.PNG:
        return encoding
    least = 100 - (100 - budget.least_ssimulacra2) * (1 - _LEFT_FOR_THE_CLOAK)
    finer_ones = (replace(encoding, quality=q, quantisation=()) for q in _FINER if q > encoding.quality)
    for finer in (encoding, *finer_ones):
        if all(Rehearsal(photo.pixels, photo.pixels, around(face), finer).unchanged() >= least for face in faces):
            break
    return finer
