"""Shows on the terminal how far a download is."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import TaskID

from photoguard.cli.bars import bars
from photoguard.cli.meter import time_left
from photoguard.i18n import Language, phrase
from photoguard.packs.download import Transfer


class TransferMeter:
    """One bar on the error stream, for one file after the other. Silent where the stream is no terminal."""

    def __init__(self, tongue: Language) -> None:
        self._tongue = tongue
        self._bars = bars()
        self._bar: TaskID | None = None
        self._name = ""

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, name: str, transfer: Transfer) -> None:
        """Take over where the download of the model ``name`` stands; cheap."""
        if self._bar is None or self._name != name:
            if self._bar is not None:
                self._bars.remove_task(self._bar)
            words = phrase("models_fetching", self._tongue, model=name, origin=transfer.origin)
            self._bar, self._name = self._bars.add_task(words, total=transfer.total, note=""), name
        done, total = (f"{count / 1e6:.1f}" for count in (transfer.done, transfer.total))
        notes = [phrase("models_of", self._tongue, done=done, total=total)]
        if transfer.seconds_left is not None:
            notes.append(time_left(transfer.seconds_left, self._tongue))
        self._bars.update(self._bar, completed=transfer.done, note=", ".join(notes))
