"""AI editors are disturbed where somebody wants it and an encoder is there; else the switch says how to get one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_desk import Desk

from photoguard.gui.examine import spoken_name
from photoguard.gui.shield_switch import ShieldSwitch
from photoguard.worker.messages import ModelsListed


def switch(desk: Desk) -> ShieldSwitch:
    return desk.window.photos.start_bar.shield


def install(desk: Desk, *, is_there: bool = True) -> None:
    """What the engine says once an encoder was installed."""
    desk.bridge.heard.emit(ModelsListed(0, (), can_shield=is_there))


def asked_for(desk: Desk) -> list[bool]:
    return [entry.options.shield_edits for entry in desk.entries if entry.options is not None]


def test_without_an_encoder_it_is_off_and_says_how_to_get_one(desk: Desk) -> None:
    desk.preferences.change(shield_edits=True)
    desk.session.choose(shield_edits=True)
    desk.drop_and_look("me.jpg")
    assert not switch(desk).box.isEnabled()
    assert not switch(desk).box.isChecked()
    assert "Show recognisers" in switch(desk).note.text()
    assert switch(desk).box.accessibleDescription() == switch(desk).note.text()
    desk.protect()
    assert asked_for(desk) == [False]


def test_the_first_photo_makes_the_window_ask_whether_it_can_be_done(desk: Desk) -> None:
    heard: list[object] = []
    desk.bridge.heard.connect(heard.append)
    desk.drop_and_look("me.jpg", "you.jpg")
    assert len([event for event in heard if isinstance(event, ModelsListed)]) == 1


def test_with_an_encoder_it_goes_along_to_the_engine_and_says_what_it_is_worth(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    install(desk)
    assert switch(desk).box.isEnabled()
    assert not switch(desk).box.isChecked()
    said = switch(desk).note.text()
    assert all(word in said for word in ("Weaker", "FLUX.2", "Sana", "cleaned away"))
    assert spoken_name(switch(desk).box) == "Disturb AI editors too"
    QTest.keyClick(switch(desk).box, Qt.Key.Key_Space)
    desk.protect()
    assert asked_for(desk) == [True]
    desk.words.speak(type(desk.words.tongue)("ko"))
    assert "약해요" in switch(desk).note.text()


def test_the_choice_is_there_again_the_next_time(desk: Desk, open_again: Callable[[Desk], Desk]) -> None:
    desk.drop_and_look("me.jpg")
    install(desk)
    switch(desk).box.click()
    desk = open_again(desk)
    desk.drop_and_look("me.jpg")
    assert not switch(desk).box.isChecked()
    install(desk)
    assert switch(desk).box.isChecked()
    install(desk, is_there=False)
    assert not switch(desk).box.isChecked()
    assert desk.preferences.settings.shield_edits
    desk.window.close()


def test_another_strength_for_one_photo_keeps_the_choice(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    install(desk)
    switch(desk).box.click()
    desk.session.protect_again(desk.entries[0].ticket, type(desk.session.settings.strength)("strong"))
    assert asked_for(desk) == [True]
    desk.until(lambda: not desk.session.run.is_running)
