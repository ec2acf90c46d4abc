"""The window stays alive under a hand while photos are worked on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from window_desk import Desk

from photoguard.gui.application import open_window
from photoguard.gui.queue_model import State

_LONGEST_MS = 100.0
"""Of the window's own work; what other programs take from the processor is not its doing."""
_PATIENCE_S = 120.0


class Pulse:
    """A ten-millisecond timer, and the most processor time that the window's thread took between two beats."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last: float | None = None
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.thread_time()
        if self._last is not None:
            self.longest_ms = max(self.longest_ms, 1000 * (now - self._last))
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def test_thirty_photos_in_the_list_never_hold_the_window_up(desk: Desk) -> None:
    pulse = Pulse()
    desk.drop(*(desk.photo(f"crowd-{number}.jpg") for number in range(30)))
    desk.until(lambda: len(desk.session.queue) == 30)
    desk.protect()
    pulse.stop()
    assert pulse.longest_ms < _LONGEST_MS
    assert all(entry.outcome is not None for entry in desk.entries)


@pytest.mark.corpus
def test_thirty_real_photos_coming_into_the_list_never_hold_the_window_up(
    app: QApplication, portraits: Path, tmp_path: Path
) -> None:
    photos = sorted(portraits.rglob("*.jpg"))[:30]
    opened = open_window(app, tmp_path / "settings.json")
    opened.preferences.change(is_welcomed=True)
    opened.window.show()
    pulse = Pulse()
    opened.window.add(photos)
    until = time.monotonic() + _PATIENCE_S
    while len(opened.session.queue) < len(photos) or any(
        entry.state is State.LOOKING for entry in opened.session.queue
    ):
        app.processEvents()
        time.sleep(0.001)
        assert time.monotonic() < until
    pulse.stop()
    opened.window.close()
    opened.window.deleteLater()
    assert pulse.longest_ms < _LONGEST_MS
