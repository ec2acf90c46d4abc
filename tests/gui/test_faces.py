"""Choosing faces: leaving one out, taking it back, drawing one that was missed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from window_desk import Desk

from photoguard.worker.messages import Protect, Region


def test_a_click_on_a_face_leaves_it_out_and_another_takes_it_back(desk: Desk) -> None:
    desk.drop_and_look("crowd.jpg")
    picture = desk.window.photos.faces.picture
    desk.until(lambda: picture._image is not None)
    desk.settle()
    middle = picture._placed(desk.entries[0].faces[1]).center().toPoint()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=middle)
    assert desk.entries[0].left_out == {1}
    assert [check.isChecked() for check in desk.window.photos.faces._checks] == [True, False, True]
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=middle)
    assert desk.entries[0].left_out == frozenset()


def test_the_box_beside_a_face_does_the_same_by_keyboard(desk: Desk) -> None:
    desk.drop_and_look("crowd.jpg")
    desk.settle()
    check = desk.window.photos.faces._checks[2]
    check.setFocus()
    QTest.keyClick(check, Qt.Key.Key_Space)
    assert desk.entries[0].left_out == {2}


def test_a_box_drawn_with_the_mouse_adds_a_face_where_it_was_drawn(desk: Desk) -> None:
    desk.drop_and_look("faceless.jpg")
    faces = desk.window.photos.faces
    desk.until(lambda: faces.picture._image is not None)
    desk.settle()
    faces.add_face.click()
    frame = faces.picture._frame()
    corners = [
        QPoint(round(frame.x() + s * frame.width()), round(frame.y() + s * frame.height())) for s in (0.25, 0.75)
    ]
    QTest.mousePress(faces.picture, Qt.MouseButton.LeftButton, pos=corners[0])
    QTest.mouseMove(faces.picture, corners[1])
    QTest.mouseRelease(faces.picture, Qt.MouseButton.LeftButton, pos=corners[1])
    (drawn,) = desk.entries[0].added
    for seen, meant in zip((drawn.x, drawn.y, drawn.width, drawn.height), (0.25, 0.25, 0.5, 0.5), strict=True):
        assert abs(seen - meant) < 0.02
    assert not faces.picture.is_drawing


def test_a_box_can_be_drawn_and_given_up_by_keyboard(desk: Desk) -> None:
    desk.drop_and_look("faceless.jpg")
    faces = desk.window.photos.faces
    desk.until(lambda: faces.picture._image is not None)
    faces.add_face.click()
    QTest.keyClick(faces.picture, Qt.Key.Key_Escape)
    assert desk.entries[0].added == ()
    assert desk.window.view == "photos"
    faces.add_face.click()
    QTest.keyClick(faces.picture, Qt.Key.Key_Right)
    QTest.keyClick(faces.picture, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(faces.picture, Qt.Key.Key_Return)
    assert len(desk.entries[0].added) == 1


def test_the_engine_is_told_which_faces_to_leave_and_which_were_pointed_out(desk: Desk, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (entry,) = desk.drop_and_look("crowd.jpg")
    drawn = Region(0.5, 0.5, 0.1, 0.1)
    desk.session.toggle_face(entry.ticket, 1)
    desk.session.add_face(entry.ticket, drawn)
    asked: list[object] = []
    monkeypatch.setattr(desk.bridge, "ask", lambda request, **_: asked.append(request))
    desk.session.protect()
    (request,) = asked
    assert isinstance(request, Protect)
    assert request.left_out == (entry.faces[1],)
    assert request.added == (drawn,)
