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
        after = _cropped(_mirrored(copy) if checked.relation is Relation.MIRRORED else copy, face.copy.box)
        before = _cropped(original, face.original.box)
        change = None
        if checked.relation is Relation.SAME:
            change = _difference(before, after) if with_original else _where(before, after)
        yield FacePictures(after, before if with_original else None, change)


def _upright(photo: Photo) -> Image.Image:
    return Image.fromarray(photo.pixels).convert("RGB")


def _mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _cropped(image: Image.Image, box: Box) -> Image.Image:
    side = (1 + 2 * _AROUND) * max(box.width, box.height)
    left, top = box.x + box.width / 2 - side / 2, box.y + box.height / 2 - side / 2
    edges = (round(left), round(top), round(left + side), round(top + side))
    return image.crop(edges).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


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
