"""Finds faces with a detection network: the whole photo first, then finer and finer in overlapping tiles."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from photoguard.domain import Box, Face, LandmarkKind
from photoguard.faces.detector import Check
from photoguard.faces.networks import SIDE, Candidates, DetectionNetwork
from photoguard.faces.overlap import merged

_RGB = npt.NDArray[np.uint8]

_OVERLAP = 192
"""Of neighbouring tiles, in their pixels: a face up to this size is whole in one of them."""
_FINEST_SIDE = 4096
"""Longer side of the finest copy; on it even crowds have faces that the networks see."""
_MOST_ENLARGED = 2.0
_TURNED_SURER = 0.2
"""How much surer a find in a turned copy must be: hands and folds look like faces from some side or other."""
_BORDER = 2


@dataclass(frozen=True)
class _Tile:
    """A square cut out of a reduced and turned copy of the photo, and the way back."""

    rgb: _RGB
    back: npt.NDArray[np.float64]
    """2 x 3: from the tile's pixels to the photo's."""
    inner: tuple[bool, bool, bool, bool]
    """Whether the picture goes on beyond the left, top, right and bottom border of what fills the tile."""
    filled: tuple[int, int]
    """Width and height of what fills the tile; the rest is black."""


class PackDetector:
    """A detector from an installed model, behind the protocol of all detectors."""

    def __init__(self, name: str, network: DetectionNetwork) -> None:
        self._name = name
        self._network = network

    @property
    def name(self) -> str:
        return self._name

    def detect(self, rgb: _RGB, *, thorough: bool, check: Check) -> list[Face]:
        sure = self._network.sure
        longer = max(rgb.shape[:2])
        coarse = min(_MOST_ENLARGED, SIDE / longer)
        found: list[Face] = []
        for zoom in _zooms(coarse, min(1.0, _FINEST_SIDE / longer), 2 if thorough else 1):
            found += self._searched(rgb, zoom, 0, sure, check)
        # heads that lie or hang; tilted ones are seen upright up to 45 degrees and more
        for quarters in (1, 2, 3):
            for zoom in _zooms(coarse, coarse * 2 if thorough else coarse, 1):
                found += self._searched(rgb, zoom, quarters, min(0.9, sure + _TURNED_SURER), check)
        return merged(found)

    def _searched(self, rgb: _RGB, zoom: float, quarters: int, least: float, check: Check) -> list[Face]:
        faces = []
        for tile in _tiles(rgb, zoom, quarters):
            check()
            faces += _faces(self._network.seen(tile.rgb, least), tile, self._name)
        return merged(faces)


def _zooms(coarse: float, fine: float, more: int) -> Iterator[float]:
    """From ``coarse`` in steps of two up to ``fine``, which is always among them, and ``more`` - 1 steps beyond."""
    steps = max(0, math.ceil(math.log2(fine / coarse) - 0.25))
    yield coarse
    for step in range(1, steps + more):
        yield min(coarse * 2**step, fine * 2 ** (more - 1))


def _tiles(rgb: _RGB, zoom: float, quarters: int) -> Iterator[_Tile]:
    """Squares that cover a copy of ``rgb`` at ``zoom``, turned by ``quarters`` of a full turn, counter-clockwise."""
    height, width = rgb.shape[:2]
    size = max(1, round(width * zoom)), max(1, round(height * zoom))
    copy = Image.fromarray(rgb)
    if size != (width, height):
        way = Image.Resampling.BOX if zoom < 1 else Image.Resampling.BICUBIC
        copy = copy.resize(size, way, reducing_gap=2.0 if zoom < 1 else None)
    whole = np.rot90(np.asarray(copy), quarters)
    rows, columns = whole.shape[:2]
    to_photo = _back(size, (width, height), quarters)
    for top in _begins(rows):
        for left in _begins(columns):
            part = whole[top : top + SIDE, left : left + SIDE]
            picture = np.zeros((SIDE, SIDE, 3), np.uint8)
            picture[: part.shape[0], : part.shape[1]] = part
            shift = to_photo[:, :2] @ np.array([left, top]) + to_photo[:, 2]
            inner = left > 0, top > 0, left + SIDE < columns, top + SIDE < rows
            yield _Tile(picture, np.column_stack([to_photo[:, :2], shift]), inner, (part.shape[1], part.shape[0]))


def _begins(length: int) -> list[int]:
    """Where tiles begin so that they cover ``length`` pixels, evenly and with enough overlap."""
    if length <= SIDE:
        return [0]
    count = math.ceil((length - _OVERLAP) / (SIDE - _OVERLAP))
    return [round(step * (length - SIDE) / (count - 1)) for step in range(count)]


def _back(size: tuple[int, int], photo: tuple[int, int], quarters: int) -> npt.NDArray[np.float64]:
    """2 x 3: from pixels of the turned copy to the photo's; pixel corners lie at integers here."""
    width, height = size
    turn = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, width], [1, 0, 0]],
        2: [[-1, 0, width], [0, -1, height]],
        3: [[0, 1, 0], [-1, 0, height]],
    }[quarters]
    scale = np.array([photo[0] / width, photo[1] / height])
    back: npt.NDArray[np.float64] = np.array(turn, np.float64) * scale[:, None]
    return back


def _faces(seen: Candidates, tile: _Tile, name: str) -> list[Face]:
    """The candidates that are whole and shaped like a face, in photo pixels."""
    faces = []
    for box, points, score in zip(seen.boxes, seen.points, seen.scores, strict=True):
        if not _is_whole(box, tile) or not _is_plausible(box, points):
            continue
        corners = _moved(box.reshape(2, 2), tile.back)
        low, high = corners.min(0), corners.max(0)
        faces.append(
            Face(
                box=Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
                landmarks=tuple((float(x), float(y)) for x, y in _moved(points, tile.back)),
                landmark_kind=LandmarkKind.FIVE,
                score=float(score),
                detector=name,
            )
        )
    return faces


def _is_whole(box: npt.NDArray[np.float32], tile: _Tile) -> bool:
    """Whether no inner border of the tile cuts the face; the neighbouring tile has it whole."""
    left, top, right, bottom = box
    width, height = tile.filled
    gaps = left, top, width - right, height - bottom
    middle = (left + right) / 2, (top + bottom) / 2
    is_inside = 0 <= middle[0] < width and 0 <= middle[1] < height
    return is_inside and not any(inner and gap < _BORDER for inner, gap in zip(tile.inner, gaps, strict=True))


def _is_plausible(box: npt.NDArray[np.float32], points: npt.NDArray[np.float32]) -> bool:
    """Whether the landmarks could belong to a head in that box: inside, eyes over mouth, none collapsed."""
    size = box[2:] - box[:2]
    if size.min() < 6 or not np.isfinite(points).all():
        return False
    places = (points - box[:2]) / size
    if places.min() < -0.35 or places.max() > 1.35:
        return False
    eyes, mouth = places[:2].mean(0), places[3:].mean(0)
    return bool(np.hypot(*(mouth - eyes)) > 0.12)


def _moved(points: npt.NDArray[np.float32], matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return points.astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]
