"""Stand-ins that need no model file: small differentiable encoders, drawn photos with drawn faces, a detector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image

from photoguard.cloak.region import Region
from photoguard.domain import Box, Encoding, Face, ImageFormat, LandmarkKind, Photo
from photoguard.encoders.protocol import ChipInput
from photoguard.perception.colour import linear_from_srgb
from photoguard.pixels import decode, encode

_CHIP = ChipInput("arcface112", 112)


@dataclass(frozen=True)
class SmallEncoder:
    """Two random convolutions; sees shading, as real encoders do."""

    name: str = "small"
    chip: ChipInput = _CHIP
    strangers: float = 0.0
    seed: int = 0

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        draw = torch.Generator().manual_seed(self.seed)
        first = torch.randn(8, 3, 7, 7, generator=draw) / 12
        second = torch.randn(16, 8, 5, 5, generator=draw) / 14
        local = chips - F.avg_pool2d(chips, 15, stride=1, padding=7, count_include_pad=False)
        seen = F.avg_pool2d(F.conv2d(local * 12, first, stride=2).tanh(), 2)
        features = F.adaptive_avg_pool2d(F.conv2d(seen * 4, second, stride=2).tanh(), 6).flatten(1)
        return F.normalize(features, dim=1)


@dataclass(frozen=True)
class SmallLatent:
    """One random strided convolution, and its transpose as the way back."""

    name: str = "small"
    family: str = "small"
    reduction: int = 8
    channels: int = 6
    seed: int = 0

    def _weights(self) -> torch.Tensor:
        return torch.randn(6, 3, 8, 8, generator=torch.Generator().manual_seed(self.seed)) / 8

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        return F.conv2d(pictures, self._weights(), stride=8).tanh()

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return 0.5 + F.conv_transpose2d(latents, self._weights(), stride=8) / 4


@dataclass(frozen=True)
class Blocks:
    """Reads blocks of eight pixels, and paints them again."""

    name: str = "blocks"
    family: str = "blocks"
    reduction: int = 8
    channels: int = 3

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        return F.avg_pool2d(pictures, 8)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return F.interpolate(latents, scale_factor=8)


@dataclass(frozen=True)
class FixedDetector:
    """Finds the faces it was told of."""

    faces: tuple[Face, ...]
    name: str = "drawn"

    def detect(self, rgb: npt.NDArray[np.uint8], *, thorough: bool, check: Callable[[], None]) -> list[Face]:
        check()
        return list(self.faces)


def face_at(x: float, y: float, width: float) -> Face:
    """A face whose five points lie where an upright, frontal face has them."""
    height = 1.3 * width
    places = ((0.3, 0.38), (0.7, 0.38), (0.5, 0.58), (0.35, 0.78), (0.65, 0.78))
    points = tuple((x + u * width, y + v * height) for u, v in places)
    return Face(Box(x, y, width, height), points, LandmarkKind.FIVE, 1.0, "drawn")


def drawn(width: int, height: int, faces: tuple[Face, ...], *, grey: bool = False) -> npt.NDArray[np.uint8]:
    """A picture with soft noise and oval faces with eyes and mouths."""
    chance = np.random.default_rng(1)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    picture = 90 + 40 * np.sin(columns / 37)[..., None] * np.array([1, 0.8, 0.5]) + 20 * np.cos(rows / 23)[..., None]
    for face in faces:
        box = face.box
        radius = ((columns - box.x - box.width / 2) / (box.width / 2)) ** 2
        radius += ((rows - box.y - box.height / 2) / (box.height / 2)) ** 2
        picture = np.where((radius < 1)[..., None], np.array([205, 165, 140]) - 30 * radius[..., None], picture)
        for x, y in face.landmarks:
            spot = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * (box.width / 14) ** 2))
            picture = picture - 110 * spot[..., None]
    picture = np.clip(picture + chance.normal(0, 1, picture.shape), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(picture[..., 1] if grey else picture)


def photo_of(pixels: npt.NDArray[np.uint8], kind: ImageFormat = ImageFormat.PNG) -> Photo:
    """The photo as it comes out of a file of that kind."""
    encoding = Encoding(kind, quality=92)
    return decode(encode(Photo(pixels, None, encoding), encoding))


def textured(side: int, seed: int, grain: float) -> npt.NDArray[np.uint8]:
    """(side, side, 3): smooth shapes with some texture, what a face crop is made of."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(60, 200, (7, 7, 3), np.uint8)).resize(
        (side, side), Image.Resampling.BICUBIC
    )
    noise = chance.normal(0, grain, (side, side, 1))
    return np.clip(np.asarray(coarse) + noise, 0, 255).astype(np.uint8)


def light(image: Image.Image) -> torch.Tensor:
    """(1, 3, h, w) linear light in 0..1."""
    return linear_from_srgb(torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255)


def evenly(region: Region, luma: float, planes: int = 3, *, spread: float = 12.0) -> torch.Tensor:
    """A picture of one brightness; in colour one half is bluish and the other one yellowish by ``spread`` levels."""
    picture = torch.full((1, planes, region.grid, region.grid), luma)
    if planes == 3:
        half = torch.where(torch.arange(region.grid) < region.grid / 2, spread, -spread) / 255
        picture = picture + torch.tensor([0.0, -0.344136, 1.772]).view(1, 3, 1, 1) * half
    return picture
