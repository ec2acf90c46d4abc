"""PhotoGuard's attack on a latent encoder (Salman et al. 2023), written anew from the paper: what a shield is compared with."""

from __future__ import annotations

from collections.abc import Callable

import torch

from photoguard.latents.protocol import LatentEncoder

STEPS = 200
EPSILONS = (8 / 255, 16 / 255)
"""The largest change of a value in 0..1."""
_FIRST, _LAST = 1 / 3, 1 / 300
"""Step sizes in parts of the largest change; they fall in a straight line, as in its program."""


def encoder_attack(
    picture: torch.Tensor,
    encoder: LatentEncoder,
    epsilon: float,
    steps: int,
    seed: int,
    on_step: Callable[[], None] = lambda: None,
) -> torch.Tensor:
    """The change (1, 3, h, w), nowhere beyond ``epsilon``, that brings the latent of ``picture`` near that of plain grey.

    Projected gradient descent by signs within the L-infinity ball, from a random start; every pixel is free, the whole
    picture goes through the encoder at every step, and no view is simulated. ``picture`` is (1, 3, h, w) in 0..1, its sides
    whole latents. ``on_step`` may raise to stop.
    """
    with torch.no_grad():
        grey = encoder.encode(torch.full_like(picture, 0.5))
    draw = torch.Generator().manual_seed(seed)
    changed = (picture + (2 * torch.rand(picture.shape, generator=draw) - 1) * epsilon).clamp(0, 1)
    for step in range(steps):
        on_step()
        changed.requires_grad_()
        (away,) = torch.autograd.grad((encoder.encode(changed) - grey).square().sum(), changed)
        length = epsilon * (_FIRST + (_LAST - _FIRST) * step / max(1, steps - 1))
        changed = changed.detach() - length * away.sign()
        changed = torch.minimum(torch.maximum(changed, picture - epsilon), picture + epsilon).clamp(0, 1)
    return changed - picture
