"""The optimiser of a cloak: it goes where AdaBelief (Zhuang et al. 2020) points, as far as Adam (Kingma & Ba 2015) would go.

Adam divides by how large gradients were. Here they are large just where attack and resistance agree step after step; dividing
by how much a gradient surprises keeps such places moving. Its steps come out many times longer, hence Adam's length.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

_TINY = 1e-8


class AdaBelief:
    """Moves tensors in place."""

    def __init__(self, tensors: Sequence[torch.Tensor], betas: tuple[float, float]) -> None:
        """``betas``: what share is kept, at every step, of the mean gradient and of the two mean squares."""
        self._tensors, self._betas = tuple(tensors), betas
        self._expected, self._surprise, self._square = ([torch.zeros_like(one) for one in tensors] for _ in range(3))
        self._taken = 0

    def step(self, gradients: Sequence[torch.Tensor], length: float) -> None:
        """Move each tensor by about ``length`` down its gradient, farther where it agrees with those before."""
        self._taken += 1
        kept, kept_squares = self._betas
        grown, grown_squares = 1 - kept**self._taken, 1 - kept_squares**self._taken
        for tensor, gradient, expected, surprise, square in zip(
            self._tensors, gradients, self._expected, self._surprise, self._square, strict=True
        ):
            expected.lerp_(gradient, 1 - kept)
            off = gradient - expected
            surprise.mul_(kept_squares).addcmul_(off, off, value=1 - kept_squares)
            square.mul_(kept_squares).addcmul_(gradient, gradient, value=1 - kept_squares)
            mean = expected / grown
            adam = mean / ((square / grown_squares).sqrt() + _TINY)
            belief = mean / ((surprise / grown_squares).sqrt() + _TINY)
            tensor.sub_(length * _rms(adam) / _rms(belief).clamp_min(_TINY) * belief)


def _rms(values: torch.Tensor) -> torch.Tensor:
    return values.square().mean().sqrt()
