"""Separable blurs, and halves of pictures, with fast gradients: they are what measuring visibility mostly consists of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F

_SIDE_PER_TAP = 6
"""Up to so many pixels for each tap one product with a matrix is quicker than shifting; ten times at 30 pixels."""


def gaussian(sigma: float, radius: int) -> tuple[float, ...]:
    """A normalised window of 2 * radius + 1 taps."""
    taps = torch.arange(-radius, radius + 1, dtype=torch.float64)
    window = torch.exp(-taps.square() / (2 * sigma * sigma))
    return tuple(float(tap) for tap in window / window.sum())


def blurred(x: torch.Tensor, window: tuple[float, ...]) -> torch.Tensor:
    """Every channel of ``x`` (n, c, h, w) with the symmetric ``window`` along both axes; zeros outside; differentiable."""
    blurred: torch.Tensor = _Blurred.apply(x, window)  # type: ignore[no-untyped-call]
    return blurred


def mean_around(x: torch.Tensor, side: int) -> torch.Tensor:
    """The mean over a square of odd ``side`` around each pixel of ``x`` (n, c, h, w), whose border repeats."""
    return F.avg_pool2d(F.pad(x, (side // 2,) * 4, mode="replicate"), side, 1)


def spread_around(x: torch.Tensor, side: int) -> torch.Tensor:
    """The standard deviation over a square of odd ``side`` around each pixel of ``x`` (n, c, h, w), whose border repeats."""
    fine = x.double()  # the variance is a small difference of large numbers
    variance = mean_around(fine.square(), side) - mean_around(fine, side).square()
    return variance.clamp_min(0).sqrt().float()


def halved(x: torch.Tensor) -> torch.Tensor:
    """Means of 2 x 2 pixels, (n, c, ceil(h / 2), ceil(w / 2)); differentiable."""
    half: torch.Tensor = _Halved.apply(x)  # type: ignore[no-untyped-call]
    return half


def summed(x: torch.Tensor, window: tuple[float, ...], dimension: int) -> torch.Tensor:
    """``x`` (n, c, h, w) weighed by the symmetric ``window`` along its rows (2) or columns (3); zeros outside."""
    middle, side = len(window) // 2, x.shape[dimension]
    if side <= _SIDE_PER_TAP * len(window):
        matrix = _banded(side, window, x.dtype).to(x.device)
        return matrix @ x if dimension == 2 else x @ matrix
    total = x * window[middle]
    for shift in range(1, middle + 1):
        tap, rest = window[middle + shift], side - shift
        total.narrow(dimension, 0, rest).add_(x.narrow(dimension, shift, rest), alpha=tap)
        total.narrow(dimension, shift, rest).add_(x.narrow(dimension, 0, rest), alpha=tap)
    return total


@lru_cache(maxsize=128)
def _banded(side: int, window: tuple[float, ...], dtype: torch.dtype) -> torch.Tensor:
    """(side, side): weighing by the symmetric ``window`` along one axis as a matrix, which is its own transpose."""
    middle = len(window) // 2
    matrix = torch.zeros(side, side, dtype=dtype)
    for shift in range(min(middle + 1, side)):
        matrix.diagonal(shift).fill_(window[middle + shift])
        matrix.diagonal(-shift).fill_(window[middle + shift])
    return matrix


class _Blurred(torch.autograd.Function):
    """Adding shifted pictures is three times as fast as a depthwise convolution of few channels, and the gradient is the
    same sums again.
    """

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, window: tuple[float, ...]) -> torch.Tensor:
        ctx.window = window
        return summed(summed(x, window, 2), window, 3)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return summed(summed(gradients[0], ctx.window, 2), ctx.window, 3), None


class _Halved(torch.autograd.Function):
    """Adding every second row, then column: nine times as fast as ``avg_pool2d``, and five times as fast back."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.rows, ctx.columns = x.shape[2:]
        return _means(_means(x, 2), 3)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        return _shared(_shared(gradients[0], 3, ctx.columns), 2, ctx.rows)


def _means(x: torch.Tensor, dimension: int) -> torch.Tensor:
    """Of pairs along one dimension; at an odd end the last value stands alone."""
    first, second = (_every_second(x, dimension, start) for start in (0, 1))
    means = first.clone(memory_format=torch.contiguous_format)
    means.narrow(dimension, 0, second.shape[dimension]).add_(second).mul_(0.5)
    return means


def _shared(gradient: torch.Tensor, dimension: int, side: int) -> torch.Tensor:
    """A mean's gradient for each of the values in it."""
    shape = list(gradient.shape)
    shape[dimension] = side
    each = gradient.new_empty(shape)
    firsts = _every_second(each, dimension, 0).copy_(gradient)
    _every_second(each, dimension, 1).copy_(firsts.narrow(dimension, 0, side // 2).mul_(0.5))
    return each


def _every_second(x: torch.Tensor, dimension: int, first: int) -> torch.Tensor:
    return x[:, :, first::2] if dimension == 2 else x[..., first::2]
