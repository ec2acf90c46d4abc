"""Runs a plan photo by photo; one photo's mistake never ends the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoguard.batch.discovery import Job
from photoguard.domain import Outcome, OutcomeKind, Progress, ProgressListener
from photoguard.errors import Problem, ProblemCode

Work = Callable[[Path, Path, ProgressListener], Outcome]
"""Does one photo: source, destination, listener."""


@dataclass(frozen=True)
class Position:
    """Where a run stands."""

    number: int
    """1-based."""
    count: int
    source: Path
    progress: Progress


def run(
    jobs: Sequence[Job], work: Work, listener: Callable[[Position], None], *, resume: bool = True
) -> Iterator[Outcome]:
    """Yield one outcome per job, in order.

    With ``resume`` a photo whose copy is already there is ``skipped``; without it that is a refusal, since nothing is ever
    overwritten. Where the file that is there is the original itself, that is a refusal either way: nobody shall take it
    for a protected copy. ``listener`` may raise ``Cancelled``, which ends the run after cleaning up.
    """
    for number, job in enumerate(jobs, start=1):
        if job.problem is not None:
            yield Outcome(job.source, None, OutcomeKind.REFUSED, job.problem)
            continue
        existing = _existing(job.destination)
        if existing is not None and _is_same(existing, job.source):
            yield Outcome(job.source, None, OutcomeKind.REFUSED, Problem(ProblemCode.OUTPUT_IS_SOURCE))
            continue
        if existing is not None:
            kind = OutcomeKind.SKIPPED if resume else OutcomeKind.REFUSED
            yield Outcome(job.source, existing if resume else None, kind, Problem(ProblemCode.OUTPUT_EXISTS))
            continue

        def tell(progress: Progress, number: int = number, job: Job = job) -> None:
            listener(Position(number, len(jobs), job.source, progress))

        yield work(job.source, job.destination, tell)


def _existing(destination: Path) -> Path | None:
    """The copy that is already there; its extension may have been corrected to the true format."""
    names = [destination, *(destination.with_suffix(end) for end in (".jpg", ".png", ".webp", ".gif"))]
    return next((path for path in names if os.path.lexists(path)), None)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # a dangling link, or a file that vanished meanwhile
        return False
