"""From sRGB to the colour spaces in which differences are judged."""

from __future__ import annotations

import torch
import torch.nn.functional as F

RGB_FROM_YCBCR = ((1.0, 0.0, 1.402), (1.0, -0.344136, -0.714136), (1.0, 1.772, 0.0))
"""ITU-R BT.601, as in JPEG."""
_LUMA = (0.299, 0.587, 0.114)
"""Of R, G and B: the same standard, the other way."""


def linear_from_srgb(rgb: torch.Tensor) -> torch.Tensor:
    """Linear light 0..1 from sRGB 0..1 (IEC 61966-2-1)."""
    low = rgb / 12.92
    high = ((rgb.clamp_min(0.0031308) + 0.055) / 1.055) ** 2.4
    return torch.where(rgb <= 0.04045, low, high)


def linear_and_slope(rgb: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """:func:`linear_from_srgb` and its derivative, of the same shape; several times as fast as automatic differentiation."""
    raised = (rgb.clamp_min(0.04045) + 0.055) / 1.055
    high = raised**2.4
    slope = torch.where(rgb > 0.04045, high / raised * (2.4 / 1.055), 1 / 12.92)
    return high + (rgb.clamp_max(0.04045) - 0.04045) / 12.92, slope


def mix(rgb: torch.Tensor, matrix: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """New channels (n, m, h, w) from ``rgb`` (n, 3, h, w) by an m x 3 ``matrix`` plus a bias per channel."""
    return F.conv2d(rgb, matrix.view(-1, 3, 1, 1), bias)


def luma(rgb: torch.Tensor) -> torch.Tensor:
    """Y (n, 1, h, w) of ``rgb`` (n, 3, h, w), in the same range."""
    return (rgb * rgb.new_tensor(_LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
