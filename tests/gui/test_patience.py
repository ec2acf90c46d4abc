"""Who would rather wait says so once, and the engine, the estimate and the next start know it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_desk import Desk

from photoguard.gui.examine import spoken_name
from photoguard.gui.widgets import TickBox


def box(desk: Desk) -> TickBox:
    return desk.window.photos.start_bar.patience


def asked_for(desk: Desk) -> list[bool]:
    return [entry.options.patient for entry in desk.entries if entry.options is not None]


def test_it_is_off_until_somebody_ticks_it_and_goes_along_to_the_engine(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    assert not box(desk).isChecked()
    assert spoken_name(box(desk)) == "Take more time, protect more"
    assert box(desk).accessibleDescription() == box(desk).toolTip()
    assert "three times" in box(desk).toolTip()
    QTest.keyClick(box(desk), Qt.Key.Key_Space)
    assert "three times" in desk.window.photos.start_bar._note.text()
    desk.protect()
    assert asked_for(desk) == [True]
    desk.words.speak(type(desk.words.tongue)("ko"))
    assert "세 배" in box(desk).toolTip()


def test_the_estimate_grows_with_it(desk: Desk) -> None:
    desk.session.run.pace = type(desk.session.run.pace)(100.0)
    desk.drop_and_look("me.jpg")
    bar = desk.window.photos.start_bar
    before = bar._estimate_words(1)
    box(desk).click()
    assert bar._estimate_words(1) != before


def test_the_choice_is_there_again_the_next_time(desk: Desk, open_again: Callable[[Desk], Desk]) -> None:
    desk.drop_and_look("me.jpg")
    box(desk).click()
    desk = open_again(desk)
    assert box(desk).isChecked()
    box(desk).click()
    assert not desk.preferences.settings.patient
    desk.window.close()
