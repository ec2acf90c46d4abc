"""What every method offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from photoguard.domain import Options, ProgressListener
from photoguard.errors import Problem
from photoguard.toolbox import Toolbox


@dataclass(frozen=True)
class Task:
    """One photo to protect."""

    source: Path
    destination: Path
    options: Options
    decoy: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Surrogate -> unit vector of the person least like this one, for methods that move a face towards somebody."""
    album: tuple[Path, ...] = ()
    """The person's photos in their order, this one among them, for methods that treat a folder as one."""


@dataclass(frozen=True)
class Written:
    """How an attempt ended."""

    output: Path | None
    """The protected file; None where the method gave up."""
    problem: Problem | None = None
    scale: float | None = None
    """By how much the finished change was scaled to hold the budget, where that is known."""


class Method(Protocol):
    """Protects one photo within the double budget of a strength."""

    @property
    def name(self) -> str: ...

    @property
    def sources(self) -> tuple[str, ...]:
        """Files and folders of the package that decide what it writes."""
        ...

    def protect(self, task: Task, toolbox: Toolbox, listener: ProgressListener) -> Written:
        """Write a protected copy of the task's photo; raises only ``Cancelled``."""
        ...
