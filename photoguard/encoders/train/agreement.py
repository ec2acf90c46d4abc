"""How well a student stands in for its teacher, on faces it was not taught with."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from photoguard.encoders.protocol import IdentityEncoder
from photoguard.encoders.train.descent import uphill

_STEPS, _STEP = 8, 0.006
"""Of the attack: steps, and the root mean square of each, of values in 0..1."""


@dataclass(frozen=True)
class Agreement:
    """Cosines, averaged over faces."""

    embeddings: float
    """Between what both make of a face."""
    student: float
    """Between a face and the same moved away by the student's gradient, as the student sees it."""
    teacher: float
    """The same as the teacher sees it: what a cloak would gain."""
    own: float
    """The same moved by the teacher's own gradient: the most there is to gain."""


def agreement(student: IdentityEncoder, teacher: IdentityEncoder, chips: torch.Tensor) -> Agreement:
    """On RGB ``chips`` (n, 3, size, size) in 0..1."""
    with torch.no_grad():
        seen, known = student.embed(chips), teacher.embed(chips)
    moved, best = (_away(one, chips, of) for one, of in ((student, seen), (teacher, known)))
    with torch.no_grad():
        return Agreement(
            _mean(seen, known),
            _mean(student.embed(moved), seen),
            _mean(teacher.embed(moved), known),
            _mean(teacher.embed(best), known),
        )


def _away(encoder: IdentityEncoder, chips: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """``chips`` after a few smooth steps down the gradient of the likeness, from a little noise on."""
    chance = torch.Generator().manual_seed(0)
    moved = chips + 0.01 * torch.randn(chips.shape, generator=chance)
    for _ in range(_STEPS):
        moved = (moved - _STEP * uphill(encoder.embed, moved, own)).clamp(0, 1)
    return moved


def _mean(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one * other).sum(1).mean())
