"""Shows on the terminal where a run stands: which photo, which face, which step, how long still."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from photoguard.batch import Position
from photoguard.cli.terminal import shown
from photoguard.domain import Stage
from photoguard.i18n import Language, phrase, stage_words

_SHARES = {
    Stage.READING: 0.0,
    Stage.FINDING_FACES: 0.02,
    Stage.CLOAKING: 0.1,
    Stage.WRITING: 0.92,
    Stage.CHECKING: 0.95,
}
"""How much of a photo's work is done when a stage begins; cloaking takes nearly all of it."""


class Meter:
    """Two bars on the error stream: the photo and the run. Silent where the stream is no terminal."""

    def __init__(self, tongue: Language) -> None:
        self._tongue = tongue
        self.console = Console(stderr=True, highlight=False)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[note]}"),
            console=self.console,
            transient=True,
            # elsewhere than on a terminal even an invisible bar leaves an empty line behind
            disable=not self.console.is_terminal,
        )
        self._photo: TaskID | None = None
        self._run: TaskID | None = None
        self._started = time.monotonic()
        self._number = 0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def getting_ready(self) -> None:
        """Before the first photo: models are being loaded."""
        if self._photo is None:
            self._photo = self._bars.add_task(phrase("getting_ready", self._tongue), total=None, note="")

    def show(self, position: Position) -> None:
        """Take over a new position; cheap, called many times a second."""
        progress, tongue = position.progress, self._tongue
        if self._photo is None:
            self._photo = self._bars.add_task("", total=1.0, note="")
        if self._run is None and position.count > 1:
            self._run = self._bars.add_task("", total=position.count, note="")
        done = _SHARES[progress.stage]
        notes = [stage_words(progress.stage, tongue)]
        if progress.stage is Stage.CLOAKING and progress.steps:
            whole = (progress.face - 1 + progress.step / progress.steps) / max(1, progress.faces)
            done += (_SHARES[Stage.WRITING] - done) * whole
            notes = [phrase("face_of", tongue, face=progress.face, faces=progress.faces)]
            notes.append(phrase("step_of", tongue, step=progress.step, steps=progress.steps))
        if progress.seconds_left is not None and position.count == 1:
            notes.append(time_left(progress.seconds_left, tongue))
        self._bars.update(
            self._photo,
            description=escape(shown(position.source.name)),
            total=1.0,
            completed=done,
            note=", ".join(notes),
        )
        if self._run is not None:
            self._show_run(position, done)

    def _show_run(self, position: Position, done: float) -> None:
        assert self._run is not None
        finished = position.number - 1 + done
        note = ""
        if finished > 0.3:
            spent = time.monotonic() - self._started
            note = time_left(spent / finished * (position.count - finished), self._tongue)
        name = phrase("photo_of", self._tongue, number=position.number, count=position.count)
        self._bars.update(self._run, description=name, completed=finished, note=note)


def time_left(seconds: float, tongue: Language) -> str:
    if seconds < 90:
        return phrase("seconds_left", tongue, seconds=max(1, round(seconds)))
    if seconds < 5400:
        return phrase("minutes_left", tongue, minutes=round(seconds / 60))
    return phrase("hours_left", tongue, hours=round(seconds / 3600))
