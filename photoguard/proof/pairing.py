"""Finds the faces of a photo again in what is said to be its copy: reduced, cropped, turned or recompressed, but the same shot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from photoguard.domain import Face, LandmarkKind
from photoguard.encoders.chips import cut
from photoguard.faces import alignment

Pixels = npt.NDArray[np.uint8]
_Matrix = npt.NDArray[np.float64]

_SIDE = 48
"""Pixels of the small pictures that are compared; a cloak hardly shows in them."""
_SPREAD = 0.62
"""Share of the small picture that the template fills; the rest is hair, shoulders and background, which no other shot has alike."""
_SAME_SHOT = 0.94
"""Correlation from which on two small pictures show the same shot (docs/check.md: protected copies .953 and more)."""
_LEAST_SHARED = 0.4
"""Share of the small picture that both photos must cover."""


class Relation(StrEnum):
    """What was done to the copy's frame."""

    SAME = "same"
    RESIZED = "resized"
    CROPPED = "cropped"
    TURNED = "turned"
    MIRRORED = "mirrored"


@dataclass(frozen=True)
class Match:
    """One face of the original and the same face in the copy."""

    original: Face
    copy: Face
    correlation: float


def matched(original: Pixels, faces: Sequence[Face], copy: Pixels, found: Sequence[Face]) -> tuple[Match, ...]:
    """Each face of ``original`` that is also in ``copy``, with the one among ``found`` that shows the same shot of it."""
    ours = [_small(original, face) for face in faces]
    theirs = [_small(copy, face) for face in found]
    pairs = [
        (_correlation(one, other), mine, yours) for mine, one in enumerate(ours) for yours, other in enumerate(theirs)
    ]
    taken_ours: set[int] = set()
    taken_theirs: set[int] = set()
    matches = []
    for correlation, mine, yours in sorted(pairs, reverse=True):
        if correlation < _SAME_SHOT:
            break
        if mine not in taken_ours and yours not in taken_theirs:
            taken_ours.add(mine)
            taken_theirs.add(yours)
            matches.append((mine, Match(faces[mine], found[yours], correlation)))
    return tuple(match for _, match in sorted(matches, key=lambda pair: pair[0]))


def shows_same(original: Pixels, face: Face, copy: Pixels, there: Face) -> bool:
    """Whether ``copy`` shows around ``there`` the same shot as ``original`` around ``face``."""
    return _correlation(_small(original, face), _small(copy, there)) >= _SAME_SHOT


def relation(match: Match, original: tuple[int, int], copy: tuple[int, int]) -> Relation:
    """What was done to the frame; both sizes are (width, height)."""
    matrix = alignment.similarity(_points(match.original), _points(match.copy))
    scale, angle = float(np.hypot(*matrix[:, 0])), float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
    if abs(angle) > 30:
        return Relation.TURNED
    zooms = copy[0] / original[0], copy[1] / original[1]
    is_in_shape = abs(zooms[0] - zooms[1]) <= 0.02 * max(zooms) and abs(scale / zooms[0] - 1) < 0.08
    middle = np.array(original) / 2
    off = np.abs(matrix[:, :2] @ middle + matrix[:, 2] - np.array(copy) / 2) / np.array(copy)
    if not is_in_shape or off.max() > 0.06:
        return Relation.CROPPED
    return Relation.SAME if original == copy else Relation.RESIZED


def carried_over(face: Face, before: tuple[int, int], after: tuple[int, int]) -> Face:
    """``face`` in a copy of its photo of another size; both sizes are (width, height).

    Landmarks are found once and used for every copy: so a figure tells what the change did to a recogniser, not what it
    did to a detector.
    """
    across, down = after[0] / before[0], after[1] / before[1]
    points = alignment.rescaled(face.landmarks, across, down)
    box = face.box
    box = replace(box, x=box.x * across, y=box.y * down, width=box.width * across, height=box.height * down)
    return replace(face, landmarks=points, box=box)


def _points(face: Face) -> _Matrix:
    points = np.asarray(face.landmarks, dtype=np.float64)
    return points if face.landmark_kind is LandmarkKind.FIVE else alignment.five_from_dlib5(points)


def _small(pixels: Pixels, face: Face) -> tuple[_Matrix, npt.NDArray[np.bool_]]:
    """Brightness (n, n) around the upright face, and which of it lies within the photo."""
    matrix = _SIDE / 112 * alignment.fit(face, "arcface112")
    matrix = _SPREAD * matrix
    matrix[:, 2] += (1 - _SPREAD) * (_SIDE - 1) / 2
    corners = np.array([[0, 0], [0, _SIDE - 1], [_SIDE - 1, 0], [_SIDE - 1, _SIDE - 1]], dtype=np.float64)
    inverse = np.linalg.inv(np.vstack([matrix, (0.0, 0.0, 1.0)]))[:2]
    there = corners @ inverse[:, :2].T + inverse[:, 2]
    height, width = pixels.shape[:2]
    low = np.clip(np.floor(there.min(0)).astype(int) - 2, 0, [max(0, width - 1), max(0, height - 1)])
    high = np.clip(np.ceil(there.max(0)).astype(int) + 3, low + 1, [width, height])
    part = pixels[low[1] : high[1], low[0] : high[0]]
    matrix = np.column_stack([matrix[:, :2], matrix[:, 2] + matrix[:, :2] @ low])
    scale = min(1.0, float(np.hypot(*matrix[:, 0])))
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    grey = np.asarray(Image.fromarray(part).convert("L").resize(size, Image.Resampling.BOX), np.float32)
    zoom = np.array([part.shape[1] / size[0], part.shape[0] / size[1]])
    matrix = np.column_stack([matrix[:, :2] * zoom, matrix[:, 2] + matrix[:, :2] @ ((zoom - 1) / 2)])
    planes = torch.from_numpy(np.stack([grey, np.ones_like(grey)]))[None]
    seen, inside = cut(planes, matrix, _SIDE)[0].double().numpy()
    return seen, inside > 0.99


def _correlation(one: tuple[_Matrix, npt.NDArray[np.bool_]], other: tuple[_Matrix, npt.NDArray[np.bool_]]) -> float:
    """-1..1 over what both photos cover; -1 where that is too little."""
    shared = one[1] & other[1]
    if shared.mean() < _LEAST_SHARED:
        return -1.0
    ours, theirs = (part[0][shared] - part[0][shared].mean() for part in (one, other))
    size = float(np.sqrt((ours**2).sum() * (theirs**2).sum()))
    return float((ours * theirs).sum() / size) if size > 0 else -1.0
