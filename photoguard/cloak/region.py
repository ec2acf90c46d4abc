"""The part of a photo around one face that a cloak may change, and the grids on which it is worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from photoguard.domain import Box, Face

DISPLAY_SIDE = 512
"""Faces are judged at the size at which people see them: at most this many pixels high or wide."""

_MARGIN = 1.4
"""Side of the square region over the longer side of the face box."""
_REACH, _FADES_FROM = 1.1, 0.9
"""The cloak is whole inside the ellipse of the box times the second value and gone beyond the first. All but its last
trace lies in the box, so that what is measured on the box is what people see."""


@dataclass(frozen=True)
class Region:
    """A square of the photo around a face; may reach over the photo's border."""

    left: int
    top: int
    side: int
    grid: int
    """Side of the working grid in pixels: as fine as the face is displayed, so that visibility is measured as people see it."""
    face: Face

    @property
    def zoom(self) -> float:
        """Working pixels per photo pixel."""
        return self.grid / self.side

    @property
    def displayed_px(self) -> float:
        """Longer side of the face box as people see it."""
        return _displayed(self.face.box)

    def face_on_grid(self) -> Face:
        """The face with its landmarks in working-grid pixels."""
        points = tuple(
            ((x - self.left + 0.5) * self.zoom - 0.5, (y - self.top + 0.5) * self.zoom - 0.5)
            for x, y in self.face.landmarks
        )
        return replace(self.face, landmarks=points)

    def box_on_grid(self) -> tuple[slice, slice]:
        """Rows and columns of the face box on the working grid: the part by which the change is judged."""
        box = self.face.box
        top, left = (box.y - self.top) * self.zoom, (box.x - self.left) * self.zoom
        rows = slice(max(0, int(top)), min(self.grid, int(top + box.height * self.zoom) + 1))
        return rows, slice(max(0, int(left)), min(self.grid, int(left + box.width * self.zoom) + 1))

    def radius(self) -> torch.Tensor:
        """(grid, grid): how far from the centre of the face box, 1 on the ellipse in it."""
        box = self.face.box
        pixel = torch.arange(self.grid) + 0.5
        x = (pixel / self.zoom + self.left - box.x - box.width / 2) / (box.width / 2)
        y = (pixel / self.zoom + self.top - box.y - box.height / 2) / (box.height / 2)
        return (y[:, None].square() + x[None].square()).sqrt()

    def feather(self) -> torch.Tensor:
        """(1, 1, grid, grid) in 0..1: where the cloak acts, with a soft edge around the face."""
        ramp = ((_REACH - self.radius()) / (_REACH - _FADES_FROM)).clamp(0, 1)
        return (ramp * ramp * (3 - 2 * ramp))[None, None].float()

    def reaches(self, box: Box) -> bool:
        """Whether a cloak on this region may change a pixel of ``box``."""
        own = grown(self.face.box, _REACH)
        across = own.x < box.x + box.width and box.x < own.x + own.width
        return across and own.y < box.y + box.height and box.y < own.y + own.height

    def moved(self, right: int, down: int) -> Region:
        """The same region in a photo whose origin lies ``right`` and ``down`` pixels before."""
        return replace(
            self,
            left=self.left + right,
            top=self.top + down,
            face=shifted(self.face, float(right), float(down)),
        )

    def crop(self, pixels: npt.NDArray[np.uint8]) -> torch.Tensor:
        """The photo's region on the working grid, (1, 3, grid, grid) in 0..1; beyond the border its edge repeats."""
        rows = np.clip(np.arange(self.top, self.top + self.side), 0, pixels.shape[0] - 1)
        columns = np.clip(np.arange(self.left, self.left + self.side), 0, pixels.shape[1] - 1)
        crop = torch.from_numpy(pixels[rows[:, None], columns[None]]).float() / 255
        crop = crop[None, None].expand(1, 3, -1, -1) if crop.ndim == 2 else crop.permute(2, 0, 1)[None]
        return resized(crop, self.grid).clamp(0, 1)


def around(face: Face) -> Region:
    """The region of ``face``."""
    box = face.box
    longer = max(box.width, box.height)
    # even, so that both can be halved
    side = max(8, 2 * round(_MARGIN * longer / 2))
    grid = 2 * round(side * _displayed(box) / longer / 2)
    left = round(box.x + box.width / 2 - side / 2)
    top = round(box.y + box.height / 2 - side / 2)
    return Region(left, top, side, max(8, grid), face)


def _displayed(box: Box) -> float:
    return min(max(box.width, box.height), DISPLAY_SIDE)


def grown(box: Box, factor: float) -> Box:
    """``box`` about the same centre, ``factor`` times as wide and high."""
    width, height = box.width * factor, box.height * factor
    return Box(box.x - (width - box.width) / 2, box.y - (height - box.height) / 2, width, height)


def shifted(face: Face, right: float, down: float) -> Face:
    """``face`` in a photo whose origin lies ``right`` and ``down`` pixels before."""
    box = replace(face.box, x=face.box.x + right, y=face.box.y + down)
    return replace(face, box=box, landmarks=tuple((x + right, y + down) for x, y in face.landmarks))


def resized(picture: torch.Tensor, side: int) -> torch.Tensor:
    """``picture`` (n, c, h, h) at side x side, antialiased."""
    if picture.shape[-1] == side:
        return picture
    return F.interpolate(picture, size=(side, side), mode="bicubic", antialias=True, align_corners=False)


def display_crop(pixels: npt.NDArray[np.uint8], box: Box) -> torch.Tensor:
    """The face box of a photo as people see it: (1, 3, h, w) in 0..1, at most 512 px on its longer side."""
    rows = slice(max(0, int(box.y)), min(pixels.shape[0], int(box.y + box.height) + 1))
    columns = slice(max(0, int(box.x)), min(pixels.shape[1], int(box.x + box.width) + 1))
    crop = torch.from_numpy(np.ascontiguousarray(pixels[rows, columns])).float() / 255
    crop = crop[None, None].expand(1, 3, -1, -1) if crop.ndim == 2 else crop.permute(2, 0, 1)[None]
    longer = max(crop.shape[2:])
    if longer > DISPLAY_SIDE:
        size = [max(8, round(side * DISPLAY_SIDE / longer)) for side in crop.shape[2:]]
        crop = F.interpolate(crop, size=size, mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
    return crop
