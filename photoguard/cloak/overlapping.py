"""Holds the budget where faces stand close together: a later cloak changes an earlier face once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from photoguard.cloak.layer import Layer
from photoguard.cloak.presets import Budget
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.domain import Encoding

_ROUNDS = 8
_WEAKER = 0.93
"""By what the cloaks that meet on a face are scaled where together they are seen too well there."""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Applied:
    """A finished cloak and the strength at which it is added."""

    layer: Layer
    strength: float


def together(original: Pixels, cloaks: Sequence[Applied], budget: Budget, encoding: Encoding) -> Together:
    """``original`` with all ``cloaks``, those that meet weakened until ``budget`` holds on every face where they do.

    A cloak that meets no other stays as it is.
    """
    held = list(cloaks)
    groups = [_meeting(index, cloaks) for index in range(len(cloaks))]
    pixels = _with_all(original, held)
    for _ in range(_ROUNDS):
        weaker: set[int] = set()
        for index, group in enumerate(groups):
            if len(group) > 1 and held[index].strength > 0:
                seen = Rehearsal(original, pixels, held[index].layer.region, encoding).standing()
                if not budget.holds(seen.ssimulacra2, seen.butteraugli):
                    weaker.update(group)
        if not weaker:
            break
        for index in weaker:
            held[index] = replace(held[index], strength=held[index].strength * _WEAKER)
        pixels = _with_all(original, held)
    return Together(pixels, tuple(cloak.strength for cloak in held))


@dataclass(frozen=True, eq=False)
class Together:
    """A photo with all its cloaks."""

    pixels: Pixels
    strengths: tuple[float, ...]


def _with_all(base: Pixels, cloaks: Sequence[Applied]) -> Pixels:
    pixels = base.copy()
    for cloak in cloaks:
        cloak.layer.add_in_place(pixels, cloak.strength)
    return pixels


def _meeting(index: int, cloaks: Sequence[Applied]) -> list[int]:
    """The cloaks that may change the face of this one, itself among them."""
    box = cloaks[index].layer.region.face.box
    return [number for number, cloak in enumerate(cloaks) if cloak.layer.region.reaches(box)]
