"""Draws chips to learn from: aligned a little differently, lit differently, smaller, noisy."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from photoguard.encoders.protocol import ChipInput
from photoguard.encoders.train.crops import MARGIN, TEMPLATE, Crops
from photoguard.faces import alignment

_SHIFT_PX, _TURN, _GROWTH = 2.5, 0.07, 0.06
"""Standard deviations: of where landmarks lie in the chip's pixels, and of turns and sizes."""
_CONTRAST, _BRIGHTNESS = (0.75, 1.25), (-0.12, 0.12)
_MOST_NOISE = 0.08
_SHARE_SMALLER = 0.25
_LEAST_ZOOM, _MOST_ZOOM = 0.4, 0.9


def plain(crops: Crops, chip: ChipInput) -> torch.Tensor:
    """The chips (n, 3, size, size) in 0..1 of ``crops`` (n, 3, 160, 160), as a recogniser cuts them."""
    return _cut(crops, chip, [np.eye(3)] * len(crops))


def varied(crops: Crops, chip: ChipInput, chance: np.random.Generator) -> torch.Tensor:
    """The same, each changed at random; in random order."""
    count, size = len(crops), chip.size
    chips = _cut(crops, chip, [_misplacement(size, chance) for _ in range(count)])
    mean = chips.mean((2, 3), keepdim=True)
    chips = (chips - mean) * _each(chance, count, _CONTRAST) + mean + _each(chance, count, _BRIGHTNESS)
    few = math.ceil(count * _SHARE_SMALLER)
    zoom = chance.uniform(_LEAST_ZOOM, _MOST_ZOOM)
    small = F.interpolate(chips[:few], scale_factor=zoom, mode="bilinear", antialias=True)
    chips[:few] = F.interpolate(small, size=(size, size), mode="bilinear")
    # three quarters with noise of three scales: points around faces, where cloaks go
    quarters = np.array_split(np.arange(count), 4)
    for quarter, grain in zip(quarters[1:], (4, 2, 1), strict=True):
        chips[quarter] += _each(chance, len(quarter), (0.0, _MOST_NOISE)) * _noise(len(quarter), size, grain, chance)
    order = torch.from_numpy(chance.permutation(count))
    return chips.clamp(0, 1)[order].contiguous(memory_format=torch.channels_last)


def _misplacement(size: int, chance: np.random.Generator) -> npt.NDArray[np.float64]:
    """(3, 3), from chip to chip: as another detector's landmarks would place the face, or its mirror image."""
    centre = np.full(2, (size - 1) / 2)
    angle, growth = chance.normal(0, _TURN), math.exp(chance.normal(0, _GROWTH))
    cosine, sine = growth * math.cos(angle), growth * math.sin(angle)
    mirror = np.diag([-1.0 if chance.random() < 0.5 else 1.0, 1.0])
    linear = np.array([[cosine, -sine], [sine, cosine]]) @ mirror
    moved = np.eye(3)
    moved[:2, :2] = linear
    moved[:2, 2] = centre - linear @ centre + chance.normal(0, _SHIFT_PX, 2)
    return moved


def _cut(crops: Crops, chip: ChipInput, moves: list[npt.NDArray[np.float64]]) -> torch.Tensor:
    pictures = torch.from_numpy(np.asarray(crops, dtype=np.float32) / 255)
    side, size = pictures.shape[-1], chip.size
    points = np.asarray(alignment.five_points(TEMPLATE)) + MARGIN
    to_chip = np.vstack([alignment.similarity(points, alignment.five_points(chip.template)), (0.0, 0.0, 1.0)])
    # both grids in grid_sample's -1..1, where -1 is the outer edge of the first pixel
    from_unit = np.array([[size / 2, 0, size / 2 - 0.5], [0, size / 2, size / 2 - 0.5], [0, 0, 1]])
    to_unit = np.array([[2 / side, 0, 1 / side - 1], [0, 2 / side, 1 / side - 1], [0, 0, 1]])
    theta = np.stack([(to_unit @ np.linalg.inv(move @ to_chip) @ from_unit)[:2] for move in moves])
    shape = [len(pictures), 3, size, size]
    grid = F.affine_grid(torch.from_numpy(theta.astype(np.float32)), shape, align_corners=False)
    chips = F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    return chips.contiguous(memory_format=torch.channels_last)


def _noise(count: int, size: int, grain: int, chance: np.random.Generator) -> torch.Tensor:
    """Smooth noise of variance about 1, most of it grey, with details of ``grain`` pixels."""
    coarse = torch.from_numpy(chance.standard_normal((count, 3, size // grain, size // grain)).astype(np.float32))
    noise = F.interpolate(coarse, size=(size, size), mode="bicubic")
    return noise.mean(1, keepdim=True) * 3**0.5 * 0.97 + noise * 0.24


def _each(chance: np.random.Generator, count: int, bounds: tuple[float, float]) -> torch.Tensor:
    """A random number in ``bounds`` for each of ``count`` pictures (count, 1, 1, 1)."""
    return torch.from_numpy(chance.uniform(*bounds, (count, 1, 1, 1)).astype(np.float32))
