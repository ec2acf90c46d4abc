"""The small pictures on a check's sheet: each face before, after, and where it was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from photoguard.checking import Checked
from photoguard.domain import Box, Photo
from photoguard.pipeline import read
from photoguard.pixels import decode
from photoguard.proof.pairing import Relation

SIDE = 300
"""Pixels of each square picture."""
TIMES = 8
"""How much stronger than it is a difference is shown."""
_AROUND = 0.35
_GRAIN = 24
"""Squares across a picture of where something was changed, when the original must not be inside: with the change itself, even
a magnified one, the copy could be turned back."""


@dataclass(frozen=True)
class FacePictures:
    """Square pictures of one face."""

    after: Image.Image
    before: Image.Image | None
    """Only where it was asked for."""
    change: Image.Image | None
    """The difference around mid grey with the original inside, else how much was changed where, coarse; None where the
    frames differ."""


def face_pictures(checked: Checked, *, with_original: bool) -> Iterator[FacePictures]:
    """Pictures of every face of a pair that fits, in their order."""
    original, copy = (_upright(decode(read(path), first_frame=True)) for path in (checked.original, checked.copy))
    for face in checked.faces:
        is_same = checked.relation is Relation.SAME
        # in an equal frame one box for both: a detector that sees the copy's face a little elsewhere changed nothing
        place = face.original.box if is_same else face.copy.box
        after = _cropped(_mirrored(copy) if checked.relation is Relation.MIRRORED else copy, place)
        before = _cropped(original, face.original.box)
        change = None
        if is_same:
            change = _difference(before, after) if with_original else _where(before, after)
        yield FacePictures(after, before if with_original else None, change)


def _upright(photo: Photo) -> Image.Image:
    return Image.fromarray(photo.pixels).convert("RGB")


def _mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _cropped(image: Image.Image, box: Box) -> Image.Image:
    """A square around ``box``, moved into the picture where it would reach over its border."""
    side = min(round((1 + 2 * _AROUND) * max(box.width, box.height)), *image.size)
    left = min(max(0, round(box.x + (box.width - side) / 2)), image.width - side)
    top = min(max(0, round(box.y + (box.height - side) / 2)), image.height - side)
    return image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _difference(before: Image.Image, after: Image.Image) -> Image.Image:
    """Mid grey where nothing changed."""
    change = np.asarray(after, np.int16) - np.asarray(before, np.int16)
    return Image.fromarray(np.clip(128 + TIMES * change, 0, 255).astype(np.uint8))


def _where(before: Image.Image, after: Image.Image) -> Image.Image:
    """Black where nothing changed, without direction and coarse: it cannot be undone with this."""
    change = np.abs(np.asarray(after, np.float32) - np.asarray(before, np.float32)).mean(2)
    strength = Image.fromarray(np.clip(TIMES * change, 0, 255).astype(np.uint8))
    coarse = strength.resize((_GRAIN, _GRAIN), Image.Resampling.BOX)
    return coarse.resize(strength.size, Image.Resampling.BICUBIC).convert("RGB")
