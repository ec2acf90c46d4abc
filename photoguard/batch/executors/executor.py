"""What every place that works on photos offers to a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from photoguard.batch.treatment import Readiness
from photoguard.domain import Cast, Outcome, Progress, Sighting


@dataclass(frozen=True)
class Errand:
    """One photo to be done."""

    ticket: int
    """Names the errand within its run."""
    source: Path
    destination: Path
    """Where to write; a name that is given up later for the copy's own."""
    cast: Cast | None = None
    """Whom its faces are to be taken for."""


@dataclass(frozen=True)
class Glance:
    """Only look who is in a photo."""

    ticket: int
    source: Path


@dataclass(frozen=True)
class Ended:
    """How an errand ended."""

    ticket: int
    outcome: Outcome


@dataclass(frozen=True)
class Glanced:
    """Who is in a photo; None where nobody can tell, or the process that looked died."""

    ticket: int
    sighting: Sighting | None


Task = Errand | Glance
Report = Ended | Glanced

Tell = Callable[[int, Progress], None]
"""Hears of an errand's progress: ticket, progress. May raise ``Cancelled``."""


class Executor(Protocol):
    """Works on up to ``capacity`` tasks at once; used from one thread.

    An errand that kills the process it runs in ends as ``failed`` with ENGINE_DIED, and its place is filled again.
    """

    @property
    def capacity(self) -> int: ...

    def start(self, check: Callable[[], None]) -> Readiness:
        """Load the models; ``check`` is called meanwhile and may raise ``Cancelled``.

        Raises what loading raises, and ``Failed`` ENGINE_DIED where no process stays alive.
        """
        ...

    def submit(self, task: Task) -> None:
        """Take over a task; at most ``capacity`` at a time. Tickets of errands and glances are apart."""
        ...

    def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
        """Work on until something happens, or about that long; raises only what ``tell`` raises."""
        ...

    def close(self) -> None:
        """Drop what is not finished, leaving no half-written file; no work goes on when this returns."""
        ...
