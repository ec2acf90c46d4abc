"""The four ways to compare, by the pixels they draw."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from photoguard.domain import Box
from photoguard.gui.compare import CompareView
from photoguard.gui.compare.canvas import Mode
from photoguard.gui.compare.pair import Pair, pair_of
from photoguard.gui.theme import LIGHT
from photoguard.gui.words import Words
from photoguard.i18n import Language
from photoguard.worker.messages import PairShown, Picture

BEFORE, AFTER = (90, 90, 90), (96, 90, 80)


def flat(colour: tuple[int, int, int], width: int = 400, height: int = 300) -> Picture:
    return Picture(width, height, bytes(colour) * (width * height))


def pair() -> Pair:
    return pair_of(PairShown(1, flat(BEFORE), flat(AFTER), None, (400, 300)))


@pytest.fixture
def view(app: QApplication) -> Iterator[CompareView]:
    view = CompareView(Words(Language.ENGLISH), LIGHT)
    view.resize(820, 760)
    view.show()
    app.processEvents()
    view.show_pair(pair(), [Box(120, 110, 60, 80), Box(220, 110, 60, 80)])
    yield view
    view.close()
    view.deleteLater()


def drawn(view: CompareView) -> QImage:
    return view.canvas.grab().toImage()


def colour_at(image: QImage, x: float, y: float) -> tuple[int, int, int]:
    """At shares of the image."""
    colour = QColor(image.pixel(round(x * (image.width() - 1)), round(y * (image.height() - 1))))
    return colour.red(), colour.green(), colour.blue()


def test_the_slider_shows_before_on_its_left_and_after_on_its_right(view: CompareView) -> None:
    view.set_mode(Mode.SPLIT)
    view.slider.setValue(300)
    image = drawn(view)
    assert colour_at(image, 0.2, 0.6) == BEFORE
    assert colour_at(image, 0.4, 0.6) == AFTER


def test_dragging_the_line_and_moving_the_slider_are_one(view: CompareView) -> None:
    view.set_mode(Mode.SPLIT)
    QTest.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(view.canvas.width() * 3 // 4, 200))
    QTest.mouseRelease(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(view.canvas.width() * 3 // 4, 200))
    assert view.slider.value() == pytest.approx(750, abs=3)


def test_side_by_side_shows_both_at_the_same_zoom_and_place(view: CompareView) -> None:
    view.set_mode(Mode.SIDE)
    image = drawn(view)
    assert colour_at(image, 0.25, 0.5) == BEFORE
    assert colour_at(image, 0.75, 0.5) == AFTER
    canvas = view.canvas
    centre = QPointF(canvas.width() * 0.75, canvas.height() / 2)
    turn = QWheelEvent(
        centre,
        centre,
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = canvas.viewport.zoom
    QApplication.sendEvent(canvas, turn)
    assert canvas.viewport.zoom > before
    left, right = canvas._halves()
    one, other = canvas._placed(left), canvas._placed(right)
    assert one.size() == other.size()
    assert other.x() - one.x() == right.x() - left.x()


def test_flicker_shows_before_only_while_the_space_bar_is_held(view: CompareView) -> None:
    view.set_mode(Mode.FLICKER)
    view.canvas.setFocus()
    assert colour_at(drawn(view), 0.5, 0.5) == AFTER
    QTest.keyPress(view.canvas, Qt.Key.Key_Space)
    assert colour_at(drawn(view), 0.5, 0.5) == BEFORE
    QTest.keyRelease(view.canvas, Qt.Key.Key_Space)
    assert colour_at(drawn(view), 0.5, 0.5) == AFTER


def test_the_difference_is_eight_times_the_change_of_each_colour(view: CompareView) -> None:
    view.set_mode(Mode.DIFFERENCE)
    expected = tuple(min(255, 8 * abs(a - b)) for a, b in zip(AFTER, BEFORE, strict=True))
    assert colour_at(drawn(view), 0.5, 0.5) == expected


def test_every_mode_is_reached_by_its_number_key(app: QApplication, view: CompareView) -> None:
    view.activateWindow()
    view.canvas.setFocus()
    app.processEvents()
    for number, mode in enumerate(Mode, start=1):
        QTest.keyClick(view.canvas, Qt.Key(Qt.Key.Key_0.value + number))
        assert view.canvas.mode is mode


def test_a_clicked_mode_leaves_the_space_bar_to_the_picture(app: QApplication, view: CompareView) -> None:
    view.activateWindow()
    app.processEvents()
    QTest.mouseClick(view._modes[Mode.FLICKER], Qt.MouseButton.LeftButton)
    assert view.canvas.hasFocus()
    QTest.keyPress(view.canvas, Qt.Key.Key_Space)
    assert view.canvas.is_before_held


def test_changing_the_mode_keeps_zoom_and_place(view: CompareView) -> None:
    view.canvas.set_zoom(8.0)
    for mode in (Mode.SIDE, Mode.FLICKER, Mode.DIFFERENCE, Mode.SPLIT):
        view.set_mode(mode)
        assert view.canvas.viewport.zoom == 8.0
        assert view.canvas.viewport.centre == (200.0, 150.0)


def test_whole_photo_feed_and_full_size_have_their_zooms(view: CompareView) -> None:
    big = PairShown(1, flat(BEFORE, 2160, 1000), flat(AFTER, 2160, 1000), None, (2160, 1000))
    view.show_pair(pair_of(big))
    view.canvas.feed()
    assert view.canvas.viewport.zoom == pytest.approx(0.5)
    view.canvas.set_zoom(1.0)
    assert view.canvas.viewport.zoom == 1.0
    view.canvas.fit()
    assert view.canvas.viewport.zoom == pytest.approx(view.canvas.width() / 2160)


def test_one_goes_from_face_to_face_and_around(view: CompareView) -> None:
    seen = []
    for _ in range(3):
        view.turn_face(1)
        seen.append(view.canvas.viewport.centre)
    assert seen[0] == (150.0, 150.0)
    assert seen[1] == (250.0, 150.0)
    assert seen[2] == seen[0]
    view.turn_face(-1)
    assert view.canvas.viewport.centre == seen[1]


def test_a_reduced_pair_says_that_the_file_is_larger(view: CompareView) -> None:
    view.show_pair(pair_of(PairShown(1, flat(BEFORE), flat(AFTER), None, (8000, 6000))))
    assert "400 × 300" in view._note.text()


def test_small_views_are_drawn_from_the_small_pictures(view: CompareView) -> None:
    small = flat((1, 2, 3), 900, 600), flat((4, 5, 6), 900, 600)
    view.show_pair(pair_of(PairShown(1, flat(BEFORE, 3000, 2000), flat(AFTER, 3000, 2000), small, (3000, 2000))))
    view.set_mode(Mode.SIDE)
    assert colour_at(drawn(view), 0.25, 0.5) == (1, 2, 3)
    view.canvas.set_zoom(1.0)
    assert colour_at(drawn(view), 0.25, 0.5) == BEFORE
