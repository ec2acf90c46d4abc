"""Tells scripts where a run stands: one JSON object per line on the standard output."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from photoguard.batch import Position
from photoguard.domain import Outcome

_LEAST_GAP_S = 0.5
"""A photo's progress within one stage is told at most this often."""


class ProgressLines:
    """Lines have an ``event``: ``ready`` (models), ``progress``, ``outcome``, ``waiting``, ``end``."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[str, float]] = {}

    def ready(self, models: tuple[str, ...], count: int) -> None:
        _say({"event": "ready", "models": list(models), "count": count})

    def show(self, position: Position) -> None:
        """Take over a position; cheap, called many times a second."""
        progress, now = position.progress, time.monotonic()
        stage, at = self._told.get(position.number, ("", 0.0))
        if stage == progress.stage.value and now - at < _LEAST_GAP_S:
            return
        self._told[position.number] = progress.stage.value, now
        left = position.left
        _say(
            {
                "event": "progress",
                "number": position.number,
                "count": position.count,
                "done": position.done,
                "source": str(position.source),
                "stage": progress.stage.value,
                "face": progress.face,
                "faces": progress.faces,
                "step": progress.step,
                "steps": progress.steps,
                "seconds_left": None if left is None else [round(left.low), round(left.high)],
                "met": None if position.met is None else list(position.met),
            }
        )

    def ended(self, outcome: Outcome, done: int, count: int) -> None:
        _say(
            {
                "event": "outcome",
                "done": done,
                "count": count,
                "source": str(outcome.source),
                "output": None if outcome.output is None else str(outcome.output),
                "outcome": outcome.kind.value,
                "earlier": None if outcome.earlier is None else outcome.earlier.value,
                "reason": None if outcome.problem is None else outcome.problem.code.value,
                "seconds": outcome.seconds,
            }
        )

    def waiting(self) -> None:
        _say({"event": "waiting", "for": "mains"})

    def end(self, report: Mapping[str, Any] | None) -> None:
        """The last line; with the report where that is to go to the standard output."""
        _say({"event": "end"} | ({} if report is None else {"report": dict(report)}))


def _say(line: Mapping[str, Any]) -> None:
    print(json.dumps(line, allow_nan=False), flush=True)
