"""How far two versions of a band lie apart, and how a map of distances becomes one."""

from __future__ import annotations

from typing import Any

import torch


def squares(difference: torch.Tensor, weights: tuple[float, ...]) -> torch.Tensor:
    """Weighted sum over channels of squares, (1, 1, h, w)."""
    scale = torch.tensor(weights, device=difference.device).view(1, -1, 1, 1)
    return (difference * difference * scale).sum(1, keepdim=True)


def span(ours: torch.Tensor, least: float, most: float) -> tuple[torch.Tensor, torch.Tensor]:
    """The values from ``least`` to ``most`` times ``ours``: there a change hardly counts as detail lost or new."""
    edges = least * ours, most * ours
    return torch.minimum(*edges), torch.maximum(*edges)


def beyond(theirs: torch.Tensor, span: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """How far ``theirs`` lies outside, with its sign; differentiable in ``theirs`` alone."""
    outside: torch.Tensor = _Beyond.apply(theirs, *span)  # type: ignore[no-untyped-call]
    return outside


class _Beyond(torch.autograd.Function):
    """The gradient of ``clamp`` with bounds for each value takes five passes."""

    @staticmethod
    def forward(ctx: Any, theirs: torch.Tensor, least: torch.Tensor, most: torch.Tensor) -> torch.Tensor:
        outside = theirs - torch.clamp(theirs, least, most)
        ctx.save_for_backward(outside)
        return outside

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (outside,) = ctx.saved_tensors
        return gradients[0] * (outside != 0), None, None


def pooled(local: torch.Tensor) -> torch.Tensor:
    """The "3-norm" that butteraugli_main prints: the mean of the 3-, 6- and 12-norms of a map."""
    peak = local.max().detach().clamp_min(1e-6)
    cubes = (local / peak) ** 3  # scaled by the peak so that the twelfth power stays in range
    norms = [((cubes**k).mean() + 1e-20) ** (1 / (3 * k)) for k in (1, 2, 4)]
    return peak * (norms[0] + norms[1] + norms[2]) / 3


def with_half(fine: torch.Tensor, half: torch.Tensor) -> torch.Tensor:
    """A map with the one of the same pictures at half their size, which shows what is seen from farther away."""
    large = half.repeat_interleave(2, 2).repeat_interleave(2, 3)
    return fine * (1 - 0.3 * 0.5) + 0.5 * large[..., : fine.shape[2], : fine.shape[3]]
