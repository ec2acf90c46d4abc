"""Truncated Gaussian blurs that average only what lies inside a picture of one size."""

from __future__ import annotations

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


def smoothing(side: int, sigma: float) -> torch.Tensor:
    """(side, side): the same along one axis as a matrix, which for broad windows on small pictures is the fastest blur."""
    window = _window(sigma)
    reach, rows = min(len(window) // 2, side - 1), torch.zeros(side, side)
    for shift in range(-reach, reach + 1):
        rows += torch.diag(torch.full((side - abs(shift),), window[len(window) // 2 + shift]), shift)
    return rows / rows.sum(1, keepdim=True)


def enlargement(side: int) -> torch.Tensor:
    """(side, ceil(side / 2)): back from half the size along one axis, linearly, as a matrix."""
    half = -(-side // 2)
    large = F.interpolate(torch.eye(half)[None], size=2 * half, mode="linear", align_corners=False)
    return large[0].T[:side].contiguous()


def _window(sigma: float) -> tuple[float, ...]:
    return gaussian(sigma, max(1, int(2.25 * sigma)))
