"""From sRGB to the colour spaces in which differences are judged."""

from __future__ import annotations

import torch
import torch.nn.functional as F

RGB_FROM_YCBCR = ((1.0, 0.0, 1.402), (1.0, -0.344136, -0.714136), (1.0, 1.772, 0.0))
"""ITU-R BT.601, as in JPEG."""
_STRAIGHT_TO = 0.04045
_LUMA = (0.299, 0.587, 0.114)
"""Of R, G and B: the same standard, the other way."""


def linear_from_srgb(rgb: torch.Tensor) -> torch.Tensor:
    """Linear light 0..1 from sRGB 0..1 (IEC 61966-2-1)."""
    # the straight piece below the power, added up: both are quicker than choosing between them
    power = ((rgb.clamp_min(_STRAIGHT_TO) + 0.055) / 1.055) ** 2.4
    return power + (rgb.clamp_max(_STRAIGHT_TO) - _STRAIGHT_TO) / 12.92


def linear_and_slope(rgb: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """:func:`linear_from_srgb` and its derivative, of the same shape; several times as fast as automatic differentiation."""
    light = linear_from_srgb(rgb)
    return light, torch.where(rgb > _STRAIGHT_TO, 2.4 * light / (rgb + 0.055), 1 / 12.92)


def mix(rgb: torch.Tensor, matrix: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """New channels (n, m, h, w) from ``rgb`` (n, 3, h, w) by an m x 3 ``matrix`` plus a bias per channel."""
    return F.conv2d(rgb, matrix.view(-1, 3, 1, 1), bias)


def cb_cr(rgb: torch.Tensor) -> torch.Tensor:
    """Cb and Cr (n, 2, h, w) of ``rgb`` (n, 3, h, w), in the same range about 0."""
    away = rgb - luma(rgb)
    return torch.cat([away[:, 2:] / RGB_FROM_YCBCR[2][1], away[:, :1] / RGB_FROM_YCBCR[0][2]], 1)


def luma(rgb: torch.Tensor) -> torch.Tensor:
    """Y (n, 1, h, w) of ``rgb`` (n, 3, h, w), in the same range."""
    return (rgb * rgb.new_tensor(_LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
