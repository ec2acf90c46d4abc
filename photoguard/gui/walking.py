"""Walks what was dropped a little at a time, so that not even a huge folder holds the window up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from photoguard.batch import Met, files_in

_TURN_S = 0.008
"""How long a walk may hold the window at once."""


class Walk(QObject):
    """Goes through files and folders in the order in which they were given."""

    met = Signal(object)
    """A list of (the path that was given, a ``Met`` on the way through it); empty when nothing was met lately."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ways: list[tuple[Path, Iterator[Met]]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def begin(self, path: Path) -> None:
        """Walk ``path`` too. Returns at once."""
        self._ways.append((path, files_in([path])))
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._ways.clear()

    @property
    def is_going(self) -> bool:
        return bool(self._ways)

    def _go_on(self) -> None:
        met: list[tuple[Path, Met]] = []
        until = time.monotonic() + _TURN_S
        while self._ways and time.monotonic() < until:
            path, way = self._ways[0]
            step = next(way, None)
            if step is None:
                del self._ways[0]
            else:
                met.append((path, step))
        if not self._ways:
            self._timer.stop()
        self.met.emit(met)
