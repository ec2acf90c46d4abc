"""Which way a face is moved so that somebody sees less of the person in it."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

Seeing = Callable[[torch.Tensor], torch.Tensor]
"""Vectors (n, d), of any length, of chips (n, 3, size, size) in 0..1; differentiable."""


def uphill(seen_by: Seeing, chips: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """The smoothed gradient, of root mean square 1 for each chip, of the cosine between what is seen in ``chips`` and ``own``."""
    start = chips.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(F.cosine_similarity(seen_by(start), own).sum(), start)
    smooth = F.avg_pool2d(gradient, 3, 1, 1)
    return smooth / (smooth.square().mean((1, 2, 3), keepdim=True).sqrt() + 1e-12)
