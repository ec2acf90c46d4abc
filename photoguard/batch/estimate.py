"""How long a run will still take, from what it has measured so far, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

_LEAST = 4
"""Photos that must be done before anything is said."""
_SURENESS = 1.3
"""Standard deviations to either side: about four times in five the truth lies between."""


@dataclass(frozen=True)
class Span:
    """Seconds, from the lower to the higher guess."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass
class Estimate:
    """Collects how long photos took."""

    _took: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        """Take over how long one photo took on its own."""
        self._took.append(seconds)

    def left(self, remaining: int, begun_seconds: float, at_once: int) -> Span | None:
        """For ``remaining`` photos that are not done, in whose unfinished ones ``begun_seconds`` of work are spent already.

        None while too little is known. Photos differ; the span grows with their spread and shrinks with experience.
        """
        count = len(self._took)
        if count < _LEAST:
            return None
        mean = math.fsum(self._took) / count
        variance = math.fsum((one - mean) ** 2 for one in self._took) / (count - 1)
        middle = max(0.0, remaining * mean - begun_seconds)
        # of the sum itself, and of not knowing the mean better
        spread = _SURENESS * math.sqrt(variance * (remaining + remaining**2 / count))
        lanes = max(1, min(at_once, remaining))
        return Span(max(0.0, middle - spread) / lanes, (middle + spread) / lanes)
