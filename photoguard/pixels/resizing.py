"""Makes a photo smaller."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from photoguard.domain import Photo

RESIZED = "resized_for_platform"


def reduced(photo: Photo, zoom: float) -> Photo:
    """``photo`` at ``zoom`` (0..1) of its width and height, with the note ``resized_for_platform``.

    Lanczos, as the platforms themselves use, so that what they would have done is done before the cloak is laid on. A
    zoom of 1 gives the photo back.
    """
    if zoom >= 1:
        return photo
    width, height = (max(1, round(side * zoom)) for side in photo.size)

    def smaller(plane: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        return np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.LANCZOS))

    alpha = None if photo.alpha is None else smaller(photo.alpha)
    return replace(photo, pixels=smaller(photo.pixels), alpha=alpha, notes=(*photo.notes, RESIZED))
