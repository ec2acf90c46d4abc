"""Names, keyboard, contrast, room for words: in both languages and at every size of text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from window_desk import Desk

from photoguard.gui.compare.canvas import Mode
from photoguard.gui.examine import clipped, spoken_name, unnamed_widgets
from photoguard.gui.theme import DARK, LIGHT, PAIRS, Colours, contrast
from photoguard.gui.widgets import button
from photoguard.gui.window import VIEWS
from photoguard.gui.words import Words
from photoguard.i18n import Language


def views(desk: Desk) -> list[str]:
    """Walk through every state of the window; after each the caller looks."""
    return [*VIEWS, "list", "result", "report"]


def show(desk: Desk, view: str) -> None:
    if view in VIEWS:
        desk.window.go(view)
    elif view == "list":
        desk.drop_and_look("crowd.jpg", "faceless.jpg", "refused.jpg")
    elif view == "result":
        desk.protect()
        desk.until(lambda: desk.window.photos.result.compare.canvas.pair is not None)
    else:
        desk.window.photos.result.show_tab(is_report=True)
    desk.settle()


def test_everything_that_takes_the_focus_has_a_name_and_nothing_is_cut_off(desk: Desk) -> None:
    for view in views(desk):
        show(desk, view)
        for tongue in Language:
            desk.preferences.change(language=tongue.value)
            for percent in (100, 200):
                desk.preferences.change(text_percent=percent)
                desk.settle()
                assert unnamed_widgets(desk.window) == [], (view, tongue)
                assert clipped(desk.window) == [], (view, tongue, percent)
        desk.preferences.change(text_percent=100, language="en")


def test_the_examination_finds_what_it_looks_for(app: QApplication) -> None:
    root = QWidget()
    nameless = QWidget(root)
    nameless.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    tight = button(Words(Language.ENGLISH), "open_photos", lambda: None)
    tight.setParent(root)
    tight.resize(30, 10)
    root.show()
    app.processEvents()
    assert unnamed_widgets(root) == ["QWidget: "]
    assert clipped(root) == ["QPushButton: Open photos"]
    root.close()


def test_names_change_with_the_language(desk: Desk) -> None:
    names = {}
    for tongue in Language:
        desk.preferences.change(language=tongue.value)
        names[tongue] = spoken_name(desk.window.photos.queue)
    assert names[Language.ENGLISH] == "List of photos"
    assert names[Language.KOREAN] == "사진 목록"


def test_tab_comes_to_everything_on_the_page_of_photos_from_top_to_bottom(desk: Desk) -> None:
    show(desk, "list")
    desk.window.activateWindow()
    wanted = {
        widget
        for widget in desk.window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    order: list[QWidget] = []
    desk.window.photos.queue.setFocus()
    order.append(desk.window.photos.queue)
    for _ in range(len(wanted) + 20):
        QTest.keyClick(desk.window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is not None and focused not in order:
            order.append(focused)
    missed = [widget for widget in wanted - set(order) if not is_other_of_a_group(widget)]
    assert missed == []
    photos = desk.window.photos
    steps = [photos.queue, photos.remove, *photos.faces._checks, photos.faces.add_face, photos.start_bar.protect]
    places = [order.index(widget) for widget in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("view", ["settings", "how", "help"])
def test_a_page_ends_where_its_words_end(desk: Desk, view: str, percent: int) -> None:
    desk.preferences.change(text_percent=percent)
    desk.window.go(view)
    desk.settle()
    scroll = desk.window.page(view).findChild(QScrollArea)
    last = max(
        card.mapTo(scroll.widget(), card.rect().bottomLeft()).y() for card in scroll.widget().findChildren(QWidget)
    )
    assert max(scroll.widget().height(), scroll.viewport().height()) - last <= max(
        60, scroll.viewport().height() - last
    )


def test_the_keys_for_comparing_work_from_the_list_and_not_into_a_name_that_is_written(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    desk.protect()
    photos = desk.window.photos
    compare = photos.result.compare
    desk.until(lambda: compare.canvas.pair is not None)
    desk.window.activateWindow()
    photos.queue.setFocus()
    for key, mode in zip("432", (Mode.DIFFERENCE, Mode.FLICKER, Mode.SIDE), strict=True):
        QTest.keyClicks(desk.window, key)
        assert compare.canvas.mode is mode
    QTest.keyClicks(desk.window, "N")
    assert compare._face == 0
    zoom = compare.canvas.viewport.zoom
    QTest.keyClicks(desk.window, "-")
    assert compare.canvas.viewport.zoom < zoom
    persona = photos.start_bar.persona
    persona.setFocus()
    QTest.keyClicks(persona, "n1")
    assert (persona.text(), compare.canvas.mode, compare._face) == ("n1", Mode.SIDE, 0)
    photos.result.show_tab(is_report=True)
    photos.queue.setFocus()
    QTest.keyClicks(desk.window, "1")
    assert compare.canvas.mode is Mode.SIDE, "what cannot be seen does not hear"


def is_other_of_a_group(widget: QWidget) -> bool:
    """Of exclusive buttons Tab visits one; arrows go to the others."""
    group = getattr(widget, "group", lambda: None)()
    return group is not None and group.exclusive()


def test_enter_on_the_button_protects_and_escape_leaves_a_page(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    desk.window.activateWindow()
    desk.window.go("settings")
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert desk.window.view == "photos"
    QTest.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: desk.entries[0].outcome is not None)


def test_help_is_one_key_away_from_every_view(desk: Desk) -> None:
    desk.window.activateWindow()
    assert QTest.qWaitForWindowActive(desk.window)  # shortcuts are for the window in front
    for view in VIEWS:
        desk.window.go(view)
        QTest.keyClick(desk.window, Qt.Key.Key_F1)
        assert desk.window.view == "help"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_words_stand_out_from_their_ground(colours: Colours, pair: tuple[str, str]) -> None:
    assert contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 4.5


def test_contrast_is_the_ratio_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
