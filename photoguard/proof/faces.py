"""What encoders and people see of each face on the written file, compared with the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch

from photoguard.cloak.likeness import embedding
from photoguard.cloak.region import display_crop, shifted
from photoguard.cloak.visibility import Judge
from photoguard.domain import Box, Face, FaceReport, Platform
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.faces import alignment
from photoguard.platforms import HANDLINGS
from photoguard.proof.posting import posted_part

_SURROUNDINGS = 1.0
"""How much of the photo around the face box, in box sizes, is looked at; chips reach beyond the box."""
_BLOCK = 16

Pixels = npt.NDArray[np.uint8]


def measured(
    original: Pixels, written: Pixels, face: Face, encoders: Sequence[IdentityEncoder], platform: Platform
) -> FaceReport:
    """Likeness by every encoder and visibility of the change, both photos in equal size and orientation.

    Views: ``file``, the pixels as written, and ``after_PLATFORM``, reduced and recompressed as that platform does
    (``any``: 1080 px wide, JPEG 75 4:2:0). Likeness is the cosine between the original's embedding and the view's.
    """
    part, (left, top) = _surroundings(original, face.box)
    here = shifted(face, -left, -top)
    size = original.shape[1], original.shape[0]
    zoom = HANDLINGS[platform].zoom(size)
    small = posted_part(written[part], HANDLINGS[platform], zoom)
    views = {
        "file": (_picture(written[part]), here),
        f"after_{platform}": (
            _picture(small),
            _zoomed(here, small.shape[1] / (part[1].stop - part[1].start)),
        ),
    }
    clean = _picture(original[part])
    similarity = {}
    with torch.no_grad():
        for encoder in encoders:
            own = embedding(encoder, clean, here)
            similarity[encoder.name] = {
                name: round(float((embedding(encoder, picture, there) * own).sum()), 4)
                for name, (picture, there) in views.items()
            }
    return FaceReport(face.box, similarity, visibility(original, written, face))


def visibility(original: Pixels, written: Pixels, face: Face) -> dict[str, float]:
    """How much of the change a person can see on ``face``: ``ssimulacra2``, ``butteraugli_3norm``, ``psnr``."""
    before, after = display_crop(original, face.box), display_crop(written, face.box)
    seen = Judge(before).visibility(after)
    return {
        "ssimulacra2": round(seen.ssimulacra2, 2),
        "butteraugli_3norm": round(seen.butteraugli, 3),
        "psnr": round(_psnr(before, after), 2),
    }


def psnr_outside(original: Pixels, written: Pixels, boxes: Sequence[Box]) -> float:
    """PSNR in dB over everything outside the face boxes grown by half; 99 where nothing differs or is left."""
    outside = np.ones(original.shape[:2], dtype=bool)
    for box in boxes:
        rows = slice(max(0, int(box.y - box.height / 2)), max(0, int(box.y + 1.5 * box.height)))
        outside[rows, max(0, int(box.x - box.width / 2)) : max(0, int(box.x + 1.5 * box.width))] = False
    total, count = 0.0, 0
    for row in range(0, original.shape[0], 256):  # in strips: a large photo's differences would fill the memory
        chosen = outside[row : row + 256]
        ours, theirs = original[row : row + 256][chosen], written[row : row + 256][chosen]
        difference = ours.astype(np.int16) - theirs
        total += float(np.square(difference.astype(np.float32)).sum())
        count += difference.size
    if not count or not total:
        return 99.0
    return float(min(99.0, 10 * np.log10(255**2 * count / total)))


def _surroundings(pixels: Pixels, box: Box) -> tuple[tuple[slice, slice], tuple[int, int]]:
    """The part of the photo around ``box``, cut along JPEG blocks, and its (left, top) corner."""
    height, width = pixels.shape[:2]
    left = max(0, int(box.x - _SURROUNDINGS * box.width)) // _BLOCK * _BLOCK
    top = max(0, int(box.y - _SURROUNDINGS * box.height)) // _BLOCK * _BLOCK
    right = min(width, int(box.x + (1 + _SURROUNDINGS) * box.width) + _BLOCK)
    bottom = min(height, int(box.y + (1 + _SURROUNDINGS) * box.height) + _BLOCK)
    return (slice(top, bottom), slice(left, right)), (left, top)


def _zoomed(face: Face, zoom: float) -> Face:
    return replace(face, landmarks=alignment.rescaled(face.landmarks, zoom, zoom))


def _picture(pixels: Pixels) -> torch.Tensor:
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).float() / 255
    return picture[None, None].expand(1, 3, -1, -1) if picture.ndim == 2 else picture.permute(2, 0, 1)[None]


def _psnr(one: torch.Tensor, other: torch.Tensor) -> float:
    error = float((one - other).square().mean())
    return min(99.0, -10 * float(np.log10(max(error, 1e-10))))
