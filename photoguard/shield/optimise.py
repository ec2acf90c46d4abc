"""Works out the pattern of one photo."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from photoguard.cloak.views import through_jpeg
from photoguard.cloak.visibility import unit
from photoguard.perception.colour import linear_from_srgb
from photoguard.perception.ssimulacra2 import Ssimulacra2
from photoguard.shield.objective import Misreading
from photoguard.shield.pattern import Pattern, Window

STEPS = 14
"""Twice as many went farther than the budget has room for and had to be weakened: decoded 31.2 dB instead of 31.9 (four photos)."""
WINDOW = 64
"""Side of a window in pixels of the posted photo."""
_ACROSS = 2
"""A step looks at a square of so many by so many windows from all over the photo, put together: one window of that size sees
less of the photo in the same time (25.8 dB against 25.1 on one photo)."""
_FIRST_STEP = 1.5 / 255
_BETAS = (0.7, 0.99)
_CALIBRATED_AT = (0.25, 0.5, 0.75)
"""Parts of the way at which windows are compared with the whole photo: its score is not that of a few of them together."""
_QUALITIES = (70, 91)


def optimise(
    pattern: Pattern,
    clean: torch.Tensor,
    picture: torch.Tensor,
    misreading: Misreading,
    least_ssimulacra2: float,
    seed: int,
    on_step: Callable[[int], None],
) -> None:
    """Move ``pattern`` so that on ``picture`` the encoders misread ``clean`` (1, 3, h, w in 0..1), on the budget.

    ``picture``: ``clean`` as far as it was changed before.

    Adam (Kingma & Ba 2015); each step looks at a few random windows, coded as JPEG, and adds the budget's resistance.
    ``on_step`` is called before every step and may raise to stop.
    """
    chance = np.random.default_rng(seed)
    adam = torch.optim.Adam([pattern.luma, pattern.chroma], lr=_FIRST_STEP, betas=_BETAS)
    budget = _Budget(least_ssimulacra2)
    calibrated_at = {round(share * STEPS) for share in _CALIBRATED_AT}
    for step in range(STEPS):
        on_step(step)
        for group in adam.param_groups:
            group["lr"] = _FIRST_STEP * (0.1 + 0.45 * (1 + math.cos(math.pi * step / STEPS)))
        if step in calibrated_at:
            budget.calibrate(clean, picture, pattern)
        windows = [drawn(picture.shape[2], picture.shape[3], chance) for _ in range(_ACROSS**2)]
        own, base = (_together([one.of(whole) for one in windows]) for whole in (clean, picture))
        layer = _together([pattern.layer(one) for one in windows])
        changed = (base + layer.detach()).requires_grad_()
        seen = through_jpeg(changed.clamp(0, 1), int(chance.integers(*_QUALITIES)))
        (away,) = torch.autograd.grad(-misreading.of(step, own, seen), changed)
        gradient = unit(away) + budget.resistance(own, changed)
        if layer.shape[1] == 1:
            gradient = gradient.sum(1, keepdim=True)
        adam.zero_grad()
        torch.autograd.backward(layer, gradient)
        adam.step()


def drawn(height: int, width: int, chance: np.random.Generator) -> Window:
    """A random window, at JPEG blocks; the photo is at least as large as one."""
    top = int(chance.integers(0, (height - WINDOW) // 8 + 1)) * 8
    left = int(chance.integers(0, (width - WINDOW) // 8 + 1)) * 8
    return Window(top, left, WINDOW, WINDOW)


def _together(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Square parts in one square picture."""
    rows = (torch.cat([*parts[first : first + _ACROSS]], 3) for first in range(0, len(parts), _ACROSS))
    return torch.cat([*rows], 2)


class _Budget:
    """Weighs SSIMULACRA2's resistance so that the pattern settles on the budget."""

    _INTEGRAL, _PROPORTIONAL, _SPAN = 0.1, 1.5, 10.0

    def __init__(self, least: float) -> None:
        self._least = least
        self._weight = math.log(0.5)
        self._offset = 0.0
        self._scores: list[float] = []

    def resistance(self, clean: torch.Tensor, changed: torch.Tensor) -> torch.Tensor:
        """The gradient to add to the attack's unit gradient."""
        measure = Ssimulacra2(linear_from_srgb(clean))
        point = changed.detach().requires_grad_()
        score = measure.score(linear_from_srgb(point.clamp(0, 1)))
        (towards,) = torch.autograd.grad(-score, point)
        self._scores.append(score.item())
        over = max(-1.5, min(1.5, (self._least - score.item() - self._offset) / self._SPAN))
        self._weight = max(-5.0, min(3.0, self._weight + self._INTEGRAL * max(-1.0, min(1.0, over))))
        return math.exp(max(-6.0, min(3.0, self._weight + self._PROPORTIONAL * over))) * unit(towards)

    def calibrate(self, clean: torch.Tensor, picture: torch.Tensor, pattern: Pattern) -> None:
        """Learn how the windows' scores relate to the whole photo's."""
        with torch.no_grad():
            whole = Window(0, 0, picture.shape[2], picture.shape[3])
            changed = (picture + pattern.layer(whole)).clamp(0, 1)
            score = float(Ssimulacra2(linear_from_srgb(clean)).score(linear_from_srgb(changed)))
        recent = self._scores[-8:]
        self._offset = score - sum(recent) / len(recent)
