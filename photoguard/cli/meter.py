"""Shows on the terminal where a run stands: which photos, which face, which step, how long still."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import TaskID

from photoguard.batch import Position
from photoguard.batch.estimate import Span
from photoguard.cli.bars import bars
from photoguard.cli.terminal import shown
from photoguard.domain import Stage
from photoguard.i18n import Language, phrase, stage_words


class Meter:
    """A bar for every photo that is worked on, and one for the run, on the error stream. Silent where that is no terminal."""

    def __init__(self, tongue: Language) -> None:
        self._tongue = tongue
        self._bars = bars()
        self._photos: dict[Path, TaskID] = {}
        self._run: TaskID | None = None
        self._getting_ready: TaskID | None = None
        self._waiting: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def getting_ready(self) -> None:
        """Before the first photo: models are being loaded."""
        if self._getting_ready is None:
            self._getting_ready = self._bars.add_task(phrase("getting_ready", self._tongue), total=None, note="")

    def waiting(self) -> None:
        """No photo is begun because the computer runs on its battery."""
        if self._waiting is None:
            self._waiting = self._bars.add_task(phrase("waiting_for_mains", self._tongue), total=None, note="")

    def show(self, position: Position) -> None:
        """Take over a new position; cheap, called many times a second."""
        self._remove(self._getting_ready)
        self._remove(self._waiting)
        self._getting_ready = self._waiting = None
        progress, tongue = position.progress, self._tongue
        if self._run is None and position.count > 1:
            self._run = self._bars.add_task("", total=position.count, note="")
        if position.met is not None and self._run is not None:
            seen, count = position.met
            words = phrase("meeting_people", tongue, number=min(seen + 1, count), count=count)
            self._bars.update(self._run, description=words, completed=seen, total=count, note="")
            return
        if position.source not in self._photos:
            name = shown(position.source.name)
            self._photos[position.source] = self._bars.add_task(name, total=1.0, note="")
        notes = [stage_words(progress.stage, tongue)]
        if progress.stage is Stage.CLOAKING and progress.steps:
            notes = [phrase("face_of", tongue, face=progress.face, faces=progress.faces)]
            notes.append(phrase("step_of", tongue, step=progress.step, steps=progress.steps))
        if progress.seconds_left is not None and position.count == 1:
            notes.append(time_left(progress.seconds_left, tongue))
        self._bars.update(self._photos[position.source], completed=progress.share, note=", ".join(notes))
        if self._run is not None:
            name = phrase("photo_of", tongue, number=min(position.done + 1, position.count), count=position.count)
            note = "" if position.left is None else between(position.left, tongue)
            done = position.done + sum(self._bars.tasks[i].completed for i in self._places())
            self._bars.update(
                self._run, description=name, completed=min(done, position.count), total=position.count, note=note
            )

    def ended(self, source: Path) -> None:
        """A photo has its outcome."""
        task = self._photos.pop(source, None)
        if task is not None:
            self._bars.remove_task(task)

    def _places(self) -> list[int]:
        at_work = set(self._photos.values())
        return [place for place, task in enumerate(self._bars.tasks) if task.id in at_work]

    def _remove(self, task: TaskID | None) -> None:
        if task is not None:
            self._bars.remove_task(task)


def between(left: Span, tongue: Language) -> str:
    """A span of time in the unit that fits, as one number where both ends say the same."""
    unit, seconds = (
        ("seconds", 1.0) if left.middle < 90 else ("minutes", 60.0) if left.middle < 5400 else ("hours", 3600.0)
    )
    low, high = max(1, round(left.low / seconds)), max(1, round(left.high / seconds))
    if low == high:
        return phrase(f"{unit}_left", tongue, **{unit: low})
    return phrase(f"{unit}_between", tongue, low=low, high=high)


def time_left(seconds: float, tongue: Language) -> str:
    """One number of seconds in words."""
    return between(Span(seconds, seconds), tongue)
