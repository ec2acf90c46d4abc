"""What an AI editor sees is shown for copies with a pattern: figures at once, pictures when somebody looks."""

from __future__ import annotations

import pytest
from fake_engines import SHIELD
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from window_desk import Desk

from photoguard.gui.result_pane import ResultPane
from photoguard.i18n import Language, shield_words
from photoguard.worker.messages import ModelsListed


def result(desk: Desk) -> ResultPane:
    return desk.window.photos.result


def shown(desk: Desk) -> list[str]:
    desk.settle()
    labels = result(desk).editors.findChildren(QLabel)
    return [one.text() or one.accessibleName() for one in labels if one.isVisible()]


def pictures(desk: Desk) -> list[QLabel]:
    return [one for one in result(desk).editors.findChildren(QLabel) if not one.pixmap().isNull()]


@pytest.fixture
def shielded(desk: Desk) -> Desk:
    desk.drop_and_look("me.jpg")
    desk.bridge.heard.emit(ModelsListed(0, (), can_shield=True))
    desk.window.photos.start_bar.shield.box.click()
    desk.protect()
    desk.settle()
    return desk


def test_without_a_pattern_there_is_nothing_to_see(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    desk.protect()
    desk.settle()
    assert result(desk).tab_editors.isHidden()


def test_pictures_are_asked_for_when_somebody_looks(shielded: Desk) -> None:
    assert result(shielded).tab_editors.isVisible()
    assert pictures(shielded) == []
    result(shielded).tab_editors.setFocus()
    QTest.keyClick(result(shielded).tab_editors, Qt.Key.Key_Space)
    shielded.until(lambda: result(shielded).editors.is_complete)
    words = shown(shielded)
    assert "The original, as FLUX.2 reads it" in words
    assert [one.accessibleName() for one in pictures(shielded)] == [
        "The original, as FLUX.2 reads it",
        "The copy, as FLUX.2 reads it",
    ]
    for line in shield_words(SHIELD, Language.ENGLISH):
        assert line in words


def test_they_stay_while_the_language_changes_and_are_asked_for_once(shielded: Desk) -> None:
    asked: list[object] = []
    shielded.session.editor_views_shown.connect(asked.append)
    result(shielded).tab_editors.click()
    shielded.until(lambda: asked)
    result(shielded).show_tab(is_report=True)
    result(shielded).tab_editors.click()
    shielded.words.speak(Language.KOREAN)
    assert "복사본, FLUX.2가 읽은 모습" in shown(shielded)
    shielded.settle()
    assert len(asked) == 1


def test_where_they_cannot_be_made_it_says_so_and_keeps_the_figures(desk: Desk) -> None:
    desk.drop_and_look("blind.jpg")
    desk.bridge.heard.emit(ModelsListed(0, (), can_shield=True))
    desk.window.photos.start_bar.shield.box.click()
    desk.protect()
    desk.settle()
    result(desk).tab_editors.click()
    desk.until(lambda: result(desk).editors.is_complete)
    words = shown(desk)
    assert "The pictures could not be made." in words
    assert shield_words(SHIELD, Language.ENGLISH)[0] in words


def test_without_a_decoder_it_says_what_is_needed(shielded: Desk) -> None:
    result(shielded).show_editors()
    shielded.until(lambda: result(shielded).editors.is_complete)
    result(shielded).editors.show_views(())
    assert any("taef2_decoder" in text for text in shown(shielded))


def test_figures_are_told_with_those_first_that_the_pattern_was_made_against() -> None:
    lines = shield_words(SHIELD, Language.ENGLISH)
    assert ["taef2_encoder" in lines[0], "26 dB" in lines[1], "taesana_encoder" in lines[2]] == [True] * 3
    assert "weaker" in lines[-1]
    assert shield_words({}, Language.KOREAN) == []
