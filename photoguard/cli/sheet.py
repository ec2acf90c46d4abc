"""Draws a sheet that shows a photo before and after, and what was changed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from photoguard.domain import Box
from photoguard.output import Candidate

_SIDE = 420
_GAP = 16
_CAPTION = 34
_MAGNIFIED = 8


def before_and_after(original: Path, protected: Path, faces: Sequence[Box], sheet: Path) -> Path:
    """Write ``sheet`` (PNG): the whole photo and its largest face, before, after, and eight times the difference."""
    one, other = (Image.open(path).convert("RGB") for path in (original, protected))
    box = max(faces, key=lambda face: face.width * face.height)
    grown = box.width * 0.25
    face = (box.x - grown, box.y - grown, box.x + box.width + grown, box.y + box.height + grown)
    rows = [(one, other), (one.crop(_whole(face)), other.crop(_whole(face)))]
    page = Image.new(
        "RGB", (3 * _SIDE + 4 * _GAP, _CAPTION + sum(_height(pair[0]) + _GAP for pair in rows) + _GAP), "white"
    )
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(18)
    for column, caption in enumerate(("before", "after", f"difference x {_MAGNIFIED}")):
        pen.text((_GAP + column * (_SIDE + _GAP), _GAP / 2), caption, fill="black", font=font)
    top = _CAPTION
    for before, after in rows:
        size = (_SIDE, _height(before))
        for column, picture in enumerate((before, after, _difference(before, after))):
            page.paste(picture.resize(size, Image.Resampling.LANCZOS), (_GAP + column * (_SIDE + _GAP), top))
        top += size[1] + _GAP
    coded = io.BytesIO()
    page.save(coded, "PNG", optimize=True)
    with Candidate(sheet) as candidate:
        candidate.write(coded.getvalue())
        return candidate.commit()


def _difference(before: Image.Image, after: Image.Image) -> Image.Image:
    """Mid grey where nothing changed."""
    change = np.asarray(after, np.int16) - np.asarray(before, np.int16)
    return Image.fromarray(np.clip(128 + _MAGNIFIED * change, 0, 255).astype(np.uint8))


def _height(picture: Image.Image) -> int:
    return round(_SIDE * picture.height / picture.width)


def _whole(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge) for edge in box)
    return left, top, right, bottom
