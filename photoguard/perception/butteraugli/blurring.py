"""Truncated Gaussian blurs that average only what lies inside a picture of one size."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F

from photoguard.perception.blurring import blurred, gaussian, summed


class Blurs:
    """For pictures of ``rows`` x ``columns``; what does not depend on the picture is worked out once."""

    def __init__(self, rows: int, columns: int) -> None:
        self._sides = rows, columns
        self._made: dict[float, tuple[tuple[float, ...], torch.Tensor]] = {}

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        """``x`` (n, c, rows, columns) blurred with a standard deviation of ``sigma`` pixels; differentiable."""
        if sigma not in self._made:
            window = _window(sigma)
            inside = [summed(torch.ones(1, 1, side, 1), window, 2).view(-1) for side in self._sides]
            weight = 1 / (inside[0].view(1, 1, -1, 1) * inside[1].view(1, 1, 1, -1))
            self._made[sigma] = window, weight.to(x.device)
        window, weight = self._made[sigma]
        return blurred(x, window) * weight


def doubled(x: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    """``x`` (n, c, ceil(rows / 2), ceil(columns / 2)) enlarged linearly to (n, c, rows, columns); differentiable."""
    large: torch.Tensor = _Doubled.apply(x, rows, columns)  # type: ignore[no-untyped-call]
    return large


class _Doubled(torch.autograd.Function):
    """Each value is three quarters of the nearer and a quarter of the farther one. Columns by a matrix while there are half the
    rows, rows by adding: three times as fast as both by a matrix, four times as fast back as torch's own.
    """

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
        ctx.enlarge = _enlargement(columns).to(x.device)
        wide = x @ ctx.enlarge.T
        large = wide.new_empty((*x.shape[:2], wide.shape[2], 2, columns))
        upper, lower = large[:, :, :, 0].copy_(wide).mul_(0.75), large[:, :, :, 1].copy_(wide).mul_(0.75)
        upper[:, :, 1:].add_(wide[:, :, :-1], alpha=0.25)
        upper[:, :, 0].add_(wide[:, :, 0], alpha=0.25)
        lower[:, :, :-1].add_(wide[:, :, 1:], alpha=0.25)
        lower[:, :, -1].add_(wide[:, :, -1], alpha=0.25)
        enlarged: torch.Tensor = large.flatten(2, 3)[:, :, :rows]
        return enlarged

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (gradient,) = gradients
        rows = gradient.shape[2]
        upper, lower = gradient[:, :, ::2], gradient[:, :, 1::2]
        wide = upper * 0.75
        wide[:, :, :-1].add_(upper[:, :, 1:], alpha=0.25)
        wide[:, :, 0].add_(upper[:, :, 0], alpha=0.25)
        wide[:, :, : rows // 2].add_(lower, alpha=0.75)
        wide[:, :, 1:].add_(lower[:, :, : wide.shape[2] - 1], alpha=0.25)
        if rows % 2 == 0:
            wide[:, :, -1].add_(lower[:, :, -1], alpha=0.25)
        return wide @ ctx.enlarge, None, None


@lru_cache(maxsize=16)
def _enlargement(side: int) -> torch.Tensor:
    """(side, ceil(side / 2)): the enlargement along one axis as a matrix."""
    half = -(-side // 2)
    large = F.interpolate(torch.eye(half)[None], size=2 * half, mode="linear", align_corners=False)
    return large[0].T[:side].contiguous()


def _window(sigma: float) -> tuple[float, ...]:
    return gaussian(sigma, max(1, int(2.25 * sigma)))
