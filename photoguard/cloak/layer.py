"""The cloak itself: a smooth additive layer, held as a pyramid of coarse to fine grids."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from photoguard.cloak.backdrop import backdrop
from photoguard.cloak.limits import limits
from photoguard.cloak.region import Region
from photoguard.perception.colour import RGB_FROM_YCBCR, luma

_T = TypeVar("_T")

_SIDES = (24, 48, 96, 192)
"""Grids of the pyramid. One step of the optimiser moves every grid alike, so broad, smooth changes grow first; detail
finer than the last grid would be lost on the way to an encoder's 112 pixels."""
_CHROMA_SHARES = ((0.03, 0.015), (0.05, 0.025), (0.15, 0.03), (0.3, 0.05))
"""How much of a step goes into Cb and Cr, for each grid. Both visibility measures are blind to broad patches of another
hue, which people see first on even skin, and reddish ones before all. Eyes hardly resolve fine blue and yellow."""
_BRIGHT, _LEAST_TINT = 0.5, 0.2
"""From what luma on colour acts in full, and how much of it in the dark: lips and shadows turned violet, which neither
measure minded."""

_BAND = 64
"""So many rows or columns of a photo are worked out at once where a layer is enlarged."""


class Pyramid:
    """The free variables of one cloak, and the layer that they make.

    Nothing else is at work meanwhile, so each channel goes its way on a core of its own; that is why gradients are written out.
    """

    def __init__(
        self, region: Region, clean: torch.Tensor, *, seed: int, leeway: float = 1.0, aside: Executor | None = None
    ) -> None:
        """``clean``: the picture (1, 3, n, n) in 0..1 on the working grid; (1, 1, n, n) for a grey photo, whose cloak must
        stay grey. ``leeway``: by what the limits are multiplied. Channels are worked out in ``aside``.
        """
        self._aside = aside
        self._channels = channels = clean.shape[1]
        draw = torch.Generator().manual_seed(seed)
        sides = [side for side in _SIDES if side < region.grid] or [region.grid]
        self.grids = [torch.randn(1, channels, side, side, generator=draw) * (0.5 / 255) for side in sides]
        feather = region.feather()
        self.part = _reach(feather)
        """Rows and columns of the working grid in which the cloak acts."""
        *coarse, last = (_enlargement(a, b) for a, b in zip(sides, [*sides[1:], region.grid], strict=True))
        self._enlarge = [(matrix, matrix) for matrix in coarse] + [(last[self.part[0]], last[self.part[1]])]
        self._shares = [(1.0, *chroma) for chroma in _CHROMA_SHARES[: len(sides)]]
        self._colours = torch.tensor(RGB_FROM_YCBCR)
        acting = feather * (1 - backdrop(clean, region)) * _tints(clean) if channels == 3 else feather
        self._acting = acting[:, :, self.part[0], self.part[1]]
        self._limits = leeway * limits(clean)[:, :, self.part[0], self.part[1]]
        self._held: dict[int, torch.Tensor] = {}
        """Channel -> what share of its limit is used, for the layer made last."""

    def layer(self) -> torch.Tensor:
        """(1, channels, h, w): what is added to :attr:`part` of the picture in 0..1."""
        made = torch.cat(self._each(self._made), 1)
        return made if self._channels == 1 else torch.einsum("ij,njhw->nihw", self._colours, made)

    def gradients(self, layer: torch.Tensor) -> list[torch.Tensor]:
        """How something changes with each of :attr:`grids`, from how it changes with the ``layer`` made last."""
        if self._channels > 1:
            layer = torch.einsum("ij,nihw->njhw", self._colours, layer)
        found = self._each(lambda channel: self._traced(channel, layer[:, channel : channel + 1]))
        return [torch.cat(channels, 1) for channels in zip(*found, strict=True)]

    def _each(self, work: Callable[[int], _T]) -> list[_T]:
        channels = range(self._channels)
        return [work(channel) for channel in channels] if self._aside is None else list(self._aside.map(work, channels))

    def _made(self, channel: int) -> torch.Tensor:
        """One of Y, Cb and Cr."""
        total = torch.zeros(())
        for grid, share, (rows, columns) in zip(self.grids, self._shares, self._enlarge, strict=True):
            total = rows @ (total + grid[:, channel : channel + 1] * share[channel]) @ columns.T
        limit = self._limits[:, channel : channel + 1]
        held = torch.tanh(total / limit)
        self._held[channel] = held
        return limit * held * self._acting[:, channel : channel + 1]

    def _traced(self, channel: int, gradient: torch.Tensor) -> list[torch.Tensor]:
        gradient = gradient * self._acting[:, channel : channel + 1]
        gradient -= gradient * self._held[channel].square()
        found = []
        for share, (rows, columns) in zip(self._shares[::-1], self._enlarge[::-1], strict=True):
            gradient = rows.T @ gradient @ columns
            found.append(gradient * share[channel])
        return found[::-1]


def _tints(clean: torch.Tensor) -> torch.Tensor:
    """(1, 3, n, n): how much of Y, Cb and Cr acts at each place."""
    tint = (luma(clean) / _BRIGHT).clamp(_LEAST_TINT, 1.0)
    return torch.cat([torch.ones_like(tint), tint, tint], 1)


def _reach(feather: torch.Tensor) -> tuple[slice, slice]:
    """The rows and columns of ``feather`` (1, 1, n, n) that are not all zero."""
    rows, columns = (torch.nonzero(feather[0, 0].amax(axis))[:, 0] for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


@lru_cache(maxsize=16)  # one for a large photo takes 10 MB
def _enlargement(side: int, larger: int) -> torch.Tensor:
    """(larger, side): bicubic interpolation along one axis as a matrix; five times faster than interpolating."""
    if side == larger:
        return torch.eye(side)
    unit = torch.eye(side).view(1, side, side, 1)
    columns = F.interpolate(unit, size=(larger, 1), mode="bicubic", align_corners=False)
    return columns[0, :, :, 0].T.contiguous()


def _in_bands(matrix: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """``matrix`` @ ``values`` (..., side, n) for an enlarging ``matrix`` (larger, side): each of its rows reaches over few of
    the values, so a band of them needs only its own.
    """
    bands = []
    for band in torch.split(matrix, _BAND):
        needed = torch.nonzero(band.any(0))[:, 0]
        reach = slice(int(needed[0]), int(needed[-1]) + 1)
        bands.append(band[:, reach] @ values[..., reach, :])
    return torch.cat(bands, -2)


def _reached(enlarge: torch.Tensor, acts: torch.Tensor, start: int, most: int) -> tuple[int, int]:
    """From where to where in 0..``most`` a layer that ``acts`` at these grid lines, enlarged from ``start`` on, changes anything."""
    lines = torch.nonzero(enlarge[:, acts].any(1))[:, 0]
    if not len(lines):
        return 0, 0
    return max(0, start + int(lines[0])), min(most, start + int(lines[-1]) + 1)


@dataclass(frozen=True, eq=False)
class Layer:
    """A finished cloak of one face."""

    region: Region
    values: npt.NDArray[np.float32]
    """(grid, grid, channels), to be added to 0..1 pixels."""

    def added_to(self, pixels: npt.NDArray[np.uint8], strength: float = 1.0) -> npt.NDArray[np.uint8]:
        """A copy of ``pixels`` with the layer, smoothly enlarged and scaled by ``strength``, on its region."""
        result = pixels.copy()
        self.add_in_place(result, strength)
        return result

    def add_in_place(self, pixels: npt.NDArray[np.uint8], strength: float = 1.0) -> None:
        """The same on ``pixels`` itself; only the region is touched."""
        region, (height, width) = self.region, pixels.shape[:2]
        enlarge = _enlargement(region.grid, region.side)
        values = torch.from_numpy(self.values).permute(2, 0, 1)
        acts = values.ne(0).any(0)
        # only what changes, and lies inside the photo, is worked out
        top, bottom = _reached(enlarge, acts.any(1), region.top, height)
        left, right = _reached(enlarge, acts.any(0), region.left, width)
        if top >= bottom or left >= right:
            return
        rows = enlarge[top - region.top : bottom - region.top]
        columns = enlarge[left - region.left : right - region.left]
        across = _in_bands(rows, values).transpose(1, 2)
        enlarged = _in_bands(columns, across).transpose(1, 2)
        change = enlarged.permute(1, 2, 0).numpy() * (255 * strength)
        part = pixels[top:bottom, left:right]
        change = change[..., 0] if part.ndim == 2 else change
        part[...] = np.clip(part + change + 0.5, 0, 255).astype(np.uint8)
