"""How visible a change is on the whole photo, as it will be posted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch

from photoguard.domain import Encoding, Photo
from photoguard.perception.colour import linear_from_srgb
from photoguard.perception.ssimulacra2 import Ssimulacra2
from photoguard.pixels import decode, encode
from photoguard.shield.canvas import canvas_of


class WholePhoto:
    """SSIMULACRA2 of changed pixels against the photo: as they will be written, at the size at which they will be posted."""

    def __init__(self, photo: Photo, encoding: Encoding, zoom: float) -> None:
        """``zoom`` is by what the photo will be reduced when it is posted."""
        self._photo, self._encoding, self._zoom = photo, encoding, zoom
        self._measure = Ssimulacra2(linear_from_srgb(canvas_of(photo.pixels, zoom).picture))

    def score(self, pixels: npt.NDArray[np.uint8]) -> float:
        changed = replace(self._photo, pixels=pixels, alpha=None)
        seen = canvas_of(decode(encode(changed, self._encoding)).pixels, self._zoom).picture
        with torch.no_grad():
            return float(self._measure.score(linear_from_srgb(seen)))
