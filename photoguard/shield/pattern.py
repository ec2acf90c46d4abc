"""The shield itself: a fine pattern that repeats over the photo, another one for each brightness.

Latent encoders are convolutions, and so see the same thing wherever the same pixels stand. What makes them misread one piece
of skin makes them misread the next one. So the free variables are a handful of tiles and not the whole photo: a few looks
at small windows are enough to find them, where a change of every pixel would need the encoder to run over the whole photo
at every step.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from photoguard.perception.blurring import mean_around
from photoguard.perception.colour import RGB_FROM_YCBCR, luma

TILE = 16
"""Side of a tile in pixels of the posted photo: whole JPEG blocks and whole latents."""
_START = 0.5 / 255
_SHADES = 5
"""Tiles, from the darkest places to the brightest; in between they are mixed."""
_AROUND = 17
"""Brightness is the mean over a square of so many pixels."""


@dataclass(frozen=True)
class Window:
    """A rectangle of the posted photo in pixels."""

    top: int
    left: int
    height: int
    width: int

    def of(self, values: torch.Tensor) -> torch.Tensor:
        """That part of ``values`` (n, c, h, w)."""
        return values[:, :, self.top : self.top + self.height, self.left : self.left + self.width]


class Pattern:
    """The free variables of one shield."""

    def __init__(self, picture: torch.Tensor, reach: torch.Tensor, *, channels: int, seed: int) -> None:
        """``picture``: the posted photo, (1, 3, h, w) in 0..1; ``reach``: (1, 1, h, w), how much of the pattern each place
        may carry; ``channels``: 3, or 1 for a grey photo, whose shield must stay grey.
        """
        draw = torch.Generator().manual_seed(seed)
        self.luma = (torch.randn(_SHADES, 1, TILE, TILE, generator=draw) * _START).requires_grad_()
        self.chroma = (
            torch.randn(_SHADES, channels - 1, TILE // 2, TILE // 2, generator=draw) * _START
        ).requires_grad_()
        """At half the resolution, which is all that JPEGs keep of it."""
        self._colours = torch.tensor(RGB_FROM_YCBCR) if channels == 3 else None
        shades = _brightness(picture) * (_SHADES - 1)
        self._shares = torch.cat([(1 - (shades - shade).abs()).clamp_min(0) for shade in range(_SHADES)], 1) * reach

    def layer(self, window: Window) -> torch.Tensor:
        """(1, channels, height, width): what is added to the picture in 0..1; differentiable in ``luma`` and ``chroma``."""
        # a change of the mean would be a change of colour, which people see as well as editors do
        tiles = _without_mean(self.luma)
        if self._colours is not None:
            coarse = _without_mean(self.chroma)
            tiles = torch.cat((tiles, coarse.repeat_interleave(2, 2).repeat_interleave(2, 3)), 1)
            tiles = torch.einsum("ij,njhw->nihw", self._colours, tiles)
        down, right = window.top % TILE, window.left % TILE
        rows, columns = -(-(down + window.height) // TILE), -(-(right + window.width) // TILE)
        laid = tiles.repeat(1, 1, rows, columns)[:, :, down : down + window.height, right : right + window.width]
        return torch.einsum("nchw,knhw->kchw", laid, window.of(self._shares))


def _without_mean(tiles: torch.Tensor) -> torch.Tensor:
    return tiles - tiles.mean((2, 3), keepdim=True)


def _brightness(picture: torch.Tensor) -> torch.Tensor:
    """(1, 1, h, w): the luma around each pixel."""
    return mean_around(luma(picture), _AROUND)
