"""Inside an engine process: what a wish of the user does to work in progress."""

from __future__ import annotations

from multiprocessing import Pipe

import pytest

from photoguard.domain import Progress, Stage
from photoguard.errors import Cancelled
from photoguard.worker.server import _Teller, _Wishes

_STEP = Progress(Stage.CLOAKING, 1, 1, 5, 40)


def test_no_step_is_taken_after_a_stop_was_heard() -> None:
    here, there = Pipe()
    wishes = _Wishes()
    tell = _Teller(there, 7, wishes)
    tell(_STEP)
    wishes.stopped.add(7)
    with pytest.raises(Cancelled):
        tell(_STEP)
    here.recv()
    assert not here.poll(), "nor is one told"


def test_a_stop_for_another_photo_is_not_heard() -> None:
    _, there = Pipe()
    wishes = _Wishes()
    wishes.stopped.add(8)
    _Teller(there, 7, wishes)(_STEP)


def test_a_photo_that_rests_hears_the_stop_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = Pipe()
    wishes = _Wishes()
    wishes.is_paused = True
    monkeypatch.setattr("photoguard.worker.server.time.sleep", lambda _seconds: wishes.stopped.add(7))
    with pytest.raises(Cancelled):
        _Teller(there, 7, wishes)(_STEP)
