"""The recognisers that judge a benchmark, and take part in nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from photoguard.encoders import judges
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.errors import ProblemCode, UsageMistake

_RATE = "far1e-3"


@dataclass(frozen=True)
class Judges:
    encoders: tuple[IdentityEncoder, ...]
    thresholds: Mapping[str, float]
    """Judge -> cosine above which one of a thousand pairs of strangers passes."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.encoders)


def judges_in(folder: Path) -> Judges:
    """The evaluators that the list in ``folder`` names, loaded.

    Raises ``UsageMistake(NO_JUDGES)`` where it names none with a threshold, ``Failed`` where a file cannot be used.
    """
    listed = [one for one in judges.judges(folder) if _RATE in one.thresholds]
    if not listed:
        raise UsageMistake(ProblemCode.NO_JUDGES)
    return Judges(tuple(judges.load(one) for one in listed), {one.name: one.thresholds[_RATE] for one in listed})
