"""What every method offers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from photoguard.domain import Options, ProgressListener
from photoguard.errors import Problem
from photoguard.toolbox import Toolbox


@dataclass(frozen=True)
class Written:
    """How an attempt ended."""

    output: Path | None
    """The protected file; None where the method gave up."""
    problem: Problem | None = None
    strength: float | None = None
    """By how much the finished change was scaled to hold the budget, where that is known."""


class Method(Protocol):
    """Protects one photo within the double budget of a strength."""

    @property
    def name(self) -> str: ...

    @property
    def sources(self) -> tuple[str, ...]:
        """Files and folders of the package that decide what it writes."""
        ...

    def protect(
        self, source: Path, destination: Path, options: Options, toolbox: Toolbox, listener: ProgressListener
    ) -> Written:
        """Write a protected copy of ``source`` at about ``destination``; raises only ``Cancelled``."""
        ...
