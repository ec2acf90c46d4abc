"""A detector that obeys the person: some faces are left out, some were pointed out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoguard.domain import Box, Face, LandmarkKind
from photoguard.faces import Detector
from photoguard.faces.detector import Check
from photoguard.faces.overlap import intersection
from photoguard.worker.messages import Region

_SAME = 0.4
"""Share of the common area of two boxes from which on they mean one face."""
_USUAL_PLACES = ((0.31, 0.40), (0.69, 0.40), (0.50, 0.62), (0.35, 0.78), (0.65, 0.78))
"""Eyes, nose tip and mouth corners in shares of a box from hairline to chin: the ArcFace template in the box that
detectors draw around it."""


class ChosenFaces:
    """What ``detector`` finds, without ``left_out`` and with ``added``."""

    name = "chosen"

    def __init__(self, detector: Detector, left_out: Sequence[Region], added: Sequence[Region]) -> None:
        self._detector = detector
        self._left_out = left_out
        self._added = added

    def detect(self, rgb: npt.NDArray[np.uint8], *, thorough: bool, check: Check) -> list[Face]:
        size = int(rgb.shape[1]), int(rgb.shape[0])
        unwanted = [region.box(size) for region in self._left_out]
        pointed_out = [region.box(size) for region in self._added]
        found = self._detector.detect(rgb, thorough=thorough, check=check)
        kept = [face for face in found if not any(is_same(face.box, box) for box in unwanted)]
        missed = [box for box in pointed_out if not any(is_same(face.box, box) for face in kept)]
        return kept + [_face_in(box) for box in missed]


def is_same(one: Box, other: Box) -> bool:
    """Whether two boxes mean one face."""
    shared = intersection(one, other)
    return shared > _SAME * (one.width * one.height + other.width * other.height - shared)


def _face_in(box: Box) -> Face:
    """The face of a hand-drawn box, upright and frontal: where detectors see nothing, landmarks cannot be trusted."""
    points = tuple((box.x + x * box.width, box.y + y * box.height) for x, y in _USUAL_PLACES)
    return Face(box, points, LandmarkKind.FIVE, 1.0, "hand")
