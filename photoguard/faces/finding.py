"""Finds the faces of a photo that are to be cloaked."""

from __future__ import annotations

import numpy as np

from photoguard.domain import Face, FaceChoice, Photo
from photoguard.faces.detector import Check, Detector, unchecked


def find_faces(photo: Photo, choice: FaceChoice, detector: Detector, check: Check = unchecked) -> tuple[Face, ...]:
    """The faces of ``photo``, the largest first; only that one for ``FaceChoice.LARGEST``.

    ``check`` is called every second or so and may raise ``Cancelled``.
    """
    rgb = np.repeat(photo.pixels[:, :, None], 3, 2) if photo.is_grey else photo.pixels
    faces = detector.detect(rgb, thorough=choice is FaceChoice.THOROUGH, check=check)
    by_size = sorted(faces, key=lambda face: face.box.width * face.box.height, reverse=True)
    return tuple(by_size[:1] if choice is FaceChoice.LARGEST else by_size)
