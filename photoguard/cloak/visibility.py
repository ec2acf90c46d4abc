"""Keeps a growing cloak on its perceptual budget: as visible as allowed, never more.

Two measures hold at once, because each alone can be gamed: SSIMULACRA2 overlooks a face that was re-shaded, and
butteraugli overlooks some fine structure. Scaling a finished layer down wastes strength; the layer is worked out *on*
the budget by a controller that weighs the measures' gradients against the attack's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from photoguard.cloak.presets import Budget
from photoguard.perception.butteraugli import Butteraugli
from photoguard.perception.colour import linear_from_srgb
from photoguard.perception.ssimulacra2 import Ssimulacra2


@dataclass(frozen=True)
class Visibility:
    """How visible a change is."""

    ssimulacra2: float
    butteraugli: float


class Judge:
    """The exact measures on one display crop."""

    def __init__(self, original: torch.Tensor) -> None:
        """``original``: sRGB (1, 3, h, w) in 0..1, at display size."""
        linear = linear_from_srgb(original)
        self._ssimulacra2 = Ssimulacra2(linear)
        self._butteraugli = Butteraugli(linear)

    def visibility(self, changed: torch.Tensor) -> Visibility:
        """Of the difference between ``changed`` and the original."""
        with torch.no_grad():
            linear = linear_from_srgb(changed)
            return Visibility(float(self._ssimulacra2.score(linear)), float(self._butteraugli.distance(linear)))


@dataclass(frozen=True, eq=False)
class _Pressure:
    """Quick measures at one step and their gradients in linear light."""

    seen: Visibility
    towards_ssimulacra2: torch.Tensor
    towards_butteraugli: torch.Tensor
    linear: torch.Tensor
    picture: torch.Tensor


class Controller:
    """Weighs both measures so that the layer settles on the budget."""

    # found by trial on portraits: the integral part settles the weights, the proportional part stops swings
    _INTEGRAL, _PROPORTIONAL = 0.1, 1.5
    _SSIMULACRA2_SPAN, _BUTTERAUGLI_SPAN = 10.0, 0.6

    def __init__(self, original: torch.Tensor, budget: Budget, *, is_halved: bool) -> None:
        """``original``: the face box on the working grid, sRGB (1, 3, h, w) in 0..1."""
        linear = linear_from_srgb(original)
        self._quick_ssimulacra2 = Ssimulacra2(linear, is_halved=is_halved)
        self._quick_butteraugli = Butteraugli(linear, exact=False)
        self._budget = budget
        self._offset, self._ratio = 0.0, 1.2
        self._weights = [math.log(0.5), math.log(0.5)]

    def pressure(self, changed: torch.Tensor) -> _Pressure:
        """Measure ``changed`` (a leaf or not; detached here) and find the directions of less visibility."""
        picture = changed.detach().requires_grad_()
        linear = linear_from_srgb(picture.clamp(0, 1))
        light = linear.detach().requires_grad_()
        score = self._quick_ssimulacra2.score(light)
        distance = self._quick_butteraugli.distance(light)
        (against,) = torch.autograd.grad(-score, light)
        (against_too,) = torch.autograd.grad(distance, light)
        return _Pressure(Visibility(score.item(), distance.item()), against, against_too, linear, picture)

    def calibrate(self, quick: Visibility, exact: Visibility) -> None:
        """Learn how the quick measures relate to the exact ones on this face."""
        self._offset = exact.ssimulacra2 - quick.ssimulacra2
        if quick.butteraugli > 1e-3:
            self._ratio = exact.butteraugli / quick.butteraugli

    def resistance(self, pressure: _Pressure) -> torch.Tensor:
        """The gradient (1, 3, h, w) to add to the attack's unit gradient at this step."""
        score = pressure.seen.ssimulacra2 + self._offset
        distance = pressure.seen.butteraugli * self._ratio
        excess = (
            (self._budget.least_ssimulacra2 - score) / self._SSIMULACRA2_SPAN,
            (distance - self._budget.most_butteraugli) / self._BUTTERAUGLI_SPAN,
        )
        total = torch.zeros_like(pressure.linear)
        directions = (pressure.towards_ssimulacra2, pressure.towards_butteraugli)
        for index, (over, direction) in enumerate(zip(excess, directions, strict=True)):
            settled = self._weights[index] + self._INTEGRAL * _clamped(over, 1.0)
            self._weights[index] = max(-5.0, min(3.0, settled))
            weight = self._weights[index] + self._PROPORTIONAL * _clamped(over, 1.5)
            total = total + math.exp(max(-6.0, min(3.0, weight))) * unit(direction)
        (gradient,) = torch.autograd.grad(pressure.linear, pressure.picture, total)
        return gradient


def unit(gradient: torch.Tensor) -> torch.Tensor:
    length: torch.Tensor = torch.linalg.vector_norm(gradient)
    return gradient / (length + 1e-12)


def _clamped(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))
