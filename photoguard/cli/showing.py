"""One way of telling where a run stands, chosen by ``--progress``."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from photoguard.domain import Outcome
from photoguard.i18n import Language

if TYPE_CHECKING:
    from photoguard.batch import Position
    from photoguard.cli.meter import Meter
    from photoguard.cli.progress_lines import ProgressLines


class Showing:
    """``bars`` on the terminal, ``json`` lines on the standard output, or ``none``."""

    def __init__(self, kind: str, tongue: Language) -> None:
        self._meter: Meter | None = None
        self._lines: ProgressLines | None = None
        if kind == "bars":
            from photoguard.cli.meter import Meter

            self._meter = Meter(tongue)
        elif kind == "json":
            from photoguard.cli.progress_lines import ProgressLines

            self._lines = ProgressLines()
        self._is_waiting = False

    def __enter__(self) -> Self:
        if self._meter:
            self._meter.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._meter:
            self._meter.__exit__(kind, error, trace)

    def getting_ready(self) -> None:
        if self._meter:
            self._meter.getting_ready()

    def ready(self, models: tuple[str, ...], count: int) -> None:
        if self._lines:
            self._lines.ready(models, count)

    def waiting(self) -> None:
        """The run waits for mains power."""
        if self._meter:
            self._meter.waiting()
        if self._lines and not self._is_waiting:
            self._lines.waiting()
        self._is_waiting = True

    def show(self, position: Position) -> None:
        self._is_waiting = False
        if self._meter:
            self._meter.show(position)
        if self._lines:
            self._lines.show(position)

    def ended(self, outcome: Outcome, done: int, count: int) -> None:
        if self._meter:
            self._meter.ended(outcome.source)
        if self._lines:
            self._lines.ended(outcome, done, count)

    def end(self, report: Mapping[str, Any] | None) -> None:
        """Nothing more comes; ``report`` where it is to stand on the standard output."""
        if self._lines:
            self._lines.end(report)
