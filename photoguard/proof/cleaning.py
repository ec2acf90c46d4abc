"""What somebody would try who wants the cloak gone: common filters, none of them tuned to our cloak."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter

Pixels = npt.NDArray[np.uint8]


def _jpeg(pixels: Pixels) -> Pixels:
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=50, subsampling=2)
    return np.array(Image.open(coded))


def _blur(pixels: Pixels) -> Pixels:
    return np.array(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(1.5)))


def _median(pixels: Pixels) -> Pixels:
    return np.array(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(5)))


def _down_up(pixels: Pixels) -> Pixels:
    image = Image.fromarray(pixels)
    half = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.BOX)
    return np.array(half.resize(image.size, Image.Resampling.BICUBIC))


def _sharpened(pixels: Pixels) -> Pixels:
    """Enlarging by bicubic and sharpening, the plain cousin of super-resolution."""
    image = Image.fromarray(pixels)
    half = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.LANCZOS)
    large = half.resize(image.size, Image.Resampling.BICUBIC)
    return np.array(large.filter(ImageFilter.UnsharpMask(radius=2, percent=120, threshold=0)))


def _rotated(pixels: Pixels) -> Pixels:
    """Turned by four degrees and back: two resamplings off the grid."""
    image = Image.fromarray(pixels)
    turned = image.rotate(4, Image.Resampling.BICUBIC, expand=True)
    back = turned.rotate(-4, Image.Resampling.BICUBIC)
    left, top = (back.width - image.width) // 2, (back.height - image.height) // 2
    return np.array(back.crop((left, top, left + image.width, top + image.height)))


def _quantised(pixels: Pixels) -> Pixels:
    return np.array(Image.fromarray(pixels).quantize(48, dither=Image.Dither.NONE).convert("RGB"))


_BILATERAL_RADIUS, _BILATERAL_PX, _BILATERAL_LEVELS = 4, 3.0, 25.0
_SEARCH, _PATCH, _LIKE_LEVELS = 4, 5, 10.0
_TV_WEIGHT, _TV_STEPS = 18.0, 30


def _bilateral(pixels: Pixels) -> Pixels:
    """Tomasi & Manduchi 1998: neighbours count by distance and by how alike they are in colour."""
    picture = _tensor(pixels)

    def weight(away: int, shifted: torch.Tensor) -> torch.Tensor:
        alike = (shifted - picture).square().sum(1, keepdim=True) / (2 * _BILATERAL_LEVELS**2)
        return torch.exp(-alike - away / (2 * _BILATERAL_PX**2))

    return _pixels(_weighted(picture, _BILATERAL_RADIUS, weight))


def _non_local(pixels: Pixels) -> Pixels:
    """Non-local means, Buades et al. 2005: neighbours count by how alike their surroundings are."""
    picture = _tensor(pixels)

    def weight(_away: int, shifted: torch.Tensor) -> torch.Tensor:
        apart = (shifted - picture).square().mean(1, keepdim=True)
        return torch.exp(-F.avg_pool2d(apart, _PATCH, 1, _PATCH // 2, count_include_pad=False) / _LIKE_LEVELS**2)

    return _pixels(_weighted(picture, _SEARCH, weight))


def _weighted(picture: torch.Tensor, radius: int, weight: Callable[[int, torch.Tensor], torch.Tensor]) -> torch.Tensor:
    rows, columns = picture.shape[2:]
    padded = F.pad(picture, (radius,) * 4, mode="replicate")
    total, weights = torch.zeros_like(picture), torch.zeros_like(picture[:, :1])
    for down in range(2 * radius + 1):
        for right in range(2 * radius + 1):
            shifted = padded[:, :, down : down + rows, right : right + columns]
            share = weight((down - radius) ** 2 + (right - radius) ** 2, shifted)
            total += share * shifted
            weights += share
    return total / weights


def _total_variation(pixels: Pixels) -> Pixels:
    """Rudin, Osher & Fatemi 1992 by Chambolle's projection (2004)."""
    picture = _tensor(pixels)
    across, down = torch.zeros_like(picture), torch.zeros_like(picture)

    def divergence() -> torch.Tensor:
        return across - F.pad(across[..., :-1], (1, 0)) + down - F.pad(down[:, :, :-1], (0, 0, 1, 0))

    for _ in range(_TV_STEPS):
        inner = divergence() - picture / _TV_WEIGHT
        right = F.pad(inner[..., 1:] - inner[..., :-1], (0, 1))
        below = F.pad(inner[:, :, 1:] - inner[:, :, :-1], (0, 0, 0, 1))
        size = 1 + 0.25 * (right.square() + below.square()).sqrt()
        across, down = (across + 0.25 * right) / size, (down + 0.25 * below) / size
    return _pixels(picture - _TV_WEIGHT * divergence())


def _tensor(pixels: Pixels) -> torch.Tensor:
    return torch.from_numpy(pixels).float().permute(2, 0, 1)[None]


def _pixels(picture: torch.Tensor) -> Pixels:
    made: Pixels = picture[0].permute(1, 2, 0).clamp(0, 255).round().to(torch.uint8).numpy()
    return made


COUNTER_MEASURES: Mapping[str, Callable[[Pixels], Pixels]] = {
    "jpeg_50": _jpeg,
    "blur": _blur,
    "median": _median,
    "down_up": _down_up,
    "bilateral": _bilateral,
    "non_local_means": _non_local,
    "total_variation": _total_variation,
    "rotation": _rotated,
    "sharpened": _sharpened,
    "few_colours": _quantised,
}
"""Name -> what it does to a part of a photo, (h, w, 3) RGB, size kept."""
