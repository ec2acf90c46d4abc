"""The window stays alive under a hand while photos are worked on.

Counted is the processor time of the window's whole process between two beats, its threads that talk to the engines too:
each of them may hold the interpreter. What other programs take from the processor is not its doing; `PHOTOGUARD_HEAVY=1
pytest -s` also prints the longest time by the clock on the wall.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from window_desk import Desk

from photoguard.domain import OutcomeKind, Strength
from photoguard.gui.application import open_window
from photoguard.gui.queue_model import State

_LONGEST_MS = 100.0
_PATIENCE_S = 3600.0


class Pulse:
    """A ten-millisecond timer, and the most processor time that this process took between two beats."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self.longest_wall_ms = 0.0
        self.beats = 0
        self._last: tuple[float, float] | None = None
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.process_time(), time.monotonic()
        if self._last is not None:
            self.longest_ms = max(self.longest_ms, 1000 * (now[0] - self._last[0]))
            self.longest_wall_ms = max(self.longest_wall_ms, 1000 * (now[1] - self._last[1]))
        self._last = now
        self.beats += 1

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
@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(30, marks=pytest.mark.heavy)])
def test_real_photos_coming_in_and_being_protected_never_hold_the_window_up(
    app: QApplication, portraits: Path, tmp_path: Path, count: int
) -> None:
    # the smallest files: what the window does does not grow with their faces, the time that protecting takes does
    photos = sorted(portraits.rglob("*.jpg"), key=lambda photo: (photo.stat().st_size, photo.name))[:count]
    folder = tmp_path / "album"
    for number, photo in enumerate(photos):
        folder.mkdir(exist_ok=True)
        shutil.copy(photo, folder / f"{number:02}.jpg")
    opened = open_window(app, tmp_path / "settings.json")
    opened.preferences.change(is_welcomed=True)
    opened.session.choose(strength=Strength.GENTLE)
    opened.window.show()
    pulse = Pulse()
    opened.window.add([folder])
    until(app, lambda: len(opened.session.queue) == count)
    until(app, lambda: all(entry.state is not State.LOOKING for entry in opened.session.queue))
    opened.window.photos.start_bar.protect.click()
    until(app, lambda: not opened.session.run.is_running)
    until(app, lambda: opened.window.photos.result.compare.canvas.pair is not None)
    pulse.stop()
    kinds = [entry.outcome.kind for entry in opened.session.queue if entry.outcome is not None]
    opened.window.close()
    opened.window.deleteLater()
    print(  # noqa: T201 - the figure, for who asks by -s
        f"\n{count} photos, {pulse.beats} beats: at most {pulse.longest_ms:.0f} ms of processor time between two, "
        f"{pulse.longest_wall_ms:.0f} ms by the clock; {Counter(kinds)}"
    )
    assert len(kinds) == count
    assert OutcomeKind.PROTECTED in kinds
    assert pulse.longest_ms < _LONGEST_MS


def until(app: QApplication, is_so: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not is_so():
        app.processEvents()
        time.sleep(0.001)
        assert time.monotonic() < end, "waited in vain"
