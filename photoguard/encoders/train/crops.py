"""Cuts the faces out of a folder of photos, once, with a margin from which chips are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from photoguard.domain import Face
from photoguard.encoders.chips import cut
from photoguard.errors import PhotoguardError
from photoguard.faces import alignment
from photoguard.faces.dlib_detector import DlibDetector
from photoguard.pixels import decode

TEMPLATE, SIDE = "arcface112", 112
MARGIN = 24
"""Pixels of the template kept around the chip."""
_SUFFIXES = {".jpg", ".jpeg", ".png"}

Crops = npt.NDArray[np.uint8]


def crops(photos: Path, kept_in: Path) -> Crops:
    """The aligned faces (n, 3, 160, 160) of all ``photos`` in the folder, by the order of their paths: the one nearest to
    the middle of each. Written to the file ``kept_in``, and read from there where that is present.

    Raises ``ValueError`` where no photo shows a face.
    """
    if kept_in.is_file():
        kept: Crops = np.load(kept_in, mmap_mode="r")
        return kept
    found = list(_found(photos))
    if not found:
        raise ValueError(f"no face in {photos}")
    every = np.stack(found)
    np.save(kept_in, every)
    return every


def _found(photos: Path) -> Iterator[Crops]:
    detector = DlibDetector()
    for path in sorted(path for path in photos.rglob("*") if path.suffix.lower() in _SUFFIXES):
        try:
            pixels = decode(path.read_bytes(), first_frame=True).pixels
        except PhotoguardError:
            continue
        rgb = np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, 2))
        middle = np.array(rgb.shape[1::-1]) / 2
        if faces := detector.upright(rgb):
            yield _crop(rgb, min(faces, key=lambda face: _distance(face, middle)))


def _distance(face: Face, middle: npt.NDArray[np.float64]) -> float:
    box = face.box
    return float(np.hypot(*(np.array([box.x + box.width / 2, box.y + box.height / 2]) - middle)))


def _crop(rgb: Crops, face: Face) -> Crops:
    matrix = alignment.fit(face, TEMPLATE)
    matrix[:, 2] += MARGIN
    picture = torch.from_numpy(rgb).permute(2, 0, 1)[None].float()
    chip = cut(picture, matrix, SIDE + 2 * MARGIN, is_black_outside=False)
    crop: Crops = chip[0].round().clamp(0, 255).byte().numpy()
    return crop
