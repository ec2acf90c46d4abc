"""The photo as it will be posted, on which a shield is worked out, and the way back to the photo's own size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from photoguard.domain import Face

Pixels = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float32]

_ROWS_AT_ONCE = 256
_SHARPNESS = -0.75
"""Of the cubic by which a layer is enlarged (Keys 1981)."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """A photo at posted size."""

    picture: torch.Tensor
    """(1, 3, h, w) in 0..1."""
    zoom: float
    """Its pixels per pixel of the photo; at most 1."""

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return int(self.picture.shape[2]), int(self.picture.shape[3])

    def around(self, faces: Sequence[Face], share: float, margin: float) -> torch.Tensor:
        """(1, 1, h, w): 1 outside the boxes of ``faces``, ``share`` inside, with a soft edge of ``margin`` box sizes."""
        height, width = self.size
        reach = torch.ones(height, width)
        for face in faces:
            box = face.box
            far_down = _beyond(height, self.zoom, box.y, box.height, margin)
            far_right = _beyond(width, self.zoom, box.x, box.width, margin)
            outside = torch.maximum(far_down[:, None], far_right[None])
            reach = torch.minimum(reach, share + (1 - share) * outside)
        return reach[None, None]


def canvas_of(pixels: Pixels, zoom: float) -> Canvas:
    """The photo, (h, w, 3) RGB or (h, w) grey, reduced by ``zoom`` as a platform would do it; a zoom of 1 or more keeps it."""
    if zoom < 1:
        image = Image.fromarray(pixels)
        size = max(1, round(image.width * zoom)), max(1, round(image.height * zoom))
        pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS))
    return Canvas(as_picture(pixels), min(1.0, zoom))


def as_picture(pixels: Pixels) -> torch.Tensor:
    """(1, 3, h, w) in 0..1 of RGB or grey pixels."""
    picture = torch.from_numpy(np.array(pixels)).float() / 255
    return picture[None, None].expand(1, 3, -1, -1) if picture.ndim == 2 else picture.permute(2, 0, 1)[None]


def laid_on(pixels: Pixels, layer: Values, strength: float) -> Pixels:
    """``pixels`` with ``layer`` (channels, h, w), smoothly enlarged to their size and scaled by ``strength``, added."""
    height, width = pixels.shape[:2]
    result = pixels.copy()
    is_same = layer.shape[1:] == (height, width)
    down, right = _taps(layer.shape[1], height), _taps(layer.shape[2], width)
    for first in range(0, height, _ROWS_AT_ONCE):
        rows = slice(first, min(height, first + _ROWS_AT_ONCE))
        part = layer[:, rows] if is_same else _enlarged(layer, (down[0][rows], down[1][rows]), right)
        part = part * np.float32(255 * strength)
        change = part[0] if pixels.ndim == 2 else part.transpose(1, 2, 0)
        result[rows] = np.clip(pixels[rows] + change + 0.5, 0, 255).astype(np.uint8)
    return result


def _enlarged(layer: Values, down: _Taps, right: _Taps) -> Values:
    tall = np.einsum("crtw,rt->crw", layer[:, down[0]], down[1])
    wide: Values = np.einsum("crwt,wt->crw", tall[:, :, right[0]], right[1])
    return wide


_Taps = tuple[npt.NDArray[np.intp], Values]


def _taps(count: int, wanted: int) -> _Taps:
    """For each of ``wanted`` places along a side of ``count`` values: the four nearest, and their weights."""
    place = (np.arange(wanted) + 0.5) * count / wanted - 0.5
    nearest = np.floor(place).astype(np.intp)
    away = (place - nearest)[:, None] - np.arange(-1, 3)
    distance = np.abs(away)
    inner = ((_SHARPNESS + 2) * distance - (_SHARPNESS + 3)) * distance**2 + 1
    outer = ((_SHARPNESS * distance - 5 * _SHARPNESS) * distance + 8 * _SHARPNESS) * distance - 4 * _SHARPNESS
    weights = np.where(distance <= 1, inner, np.where(distance < 2, outer, 0)).astype(np.float32)
    return np.clip(nearest[:, None] + np.arange(-1, 3), 0, count - 1), weights


def _beyond(count: int, zoom: float, start: float, length: float, margin: float) -> torch.Tensor:
    """(count): 0 inside a stretch, 1 from ``margin`` of its length beyond, smooth in between."""
    place = (torch.arange(count) + 0.5) / zoom
    off = torch.maximum(start - place, place - start - length) / (margin * length)
    ramp = off.clamp(0, 1)
    return ramp * ramp * (3 - 2 * ramp)
