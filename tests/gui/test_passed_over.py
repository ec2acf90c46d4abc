"""Files in dropped folders that are no photos: counted, named on request, never worked on."""

from __future__ import annotations

from window_desk import Desk


def test_files_that_are_no_photos_are_counted_and_named_for_who_asks(desk: Desk) -> None:
    desk.photo("me.jpg")
    for name in ("notes.txt", "sub/film.mp4", ".hidden", "photoguard/old.txt"):
        desk.photo(name)
    desk.drop(desk.folder, desk.folder)
    desk.until(lambda: not desk.session.is_walking)
    photos = desk.window.photos
    page = photos.passed_over
    assert [entry.source.name for entry in desk.entries] == ["me.jpg"]
    assert page.button.isVisible()
    assert page.button.text() == "Not photos: 2"
    assert not page.isVisible()
    page.button.click()
    assert page.isVisible()
    assert "2 other files are not photos" in page._text.text()
    model = page.names.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["album/notes.txt", "album/sub/film.mp4"]
    desk.preferences.change(language="ko")
    assert page.button.accessibleName() == desk.words.tr("passed_over", count=2)
    desk.session.queue.change(desk.entries[0].ticket, left_out=frozenset({0}))
    assert page.isVisible(), "news of the photo beside it do not take the list away"
    photos.queue.clicked.emit(photos.queue.currentIndex())
    assert not page.isVisible()
    assert photos.faces.isVisible()


def test_nothing_is_said_where_all_are_photos_and_of_a_list_that_was_cleared(desk: Desk) -> None:
    page = desk.window.photos.passed_over
    desk.drop_and_look("me.jpg")
    assert not page.button.isVisible()
    desk.photo("notes.txt")
    desk.drop(desk.folder)
    desk.until(page.button.isVisible)
    desk.session.remove(desk.entries[0].ticket)
    assert desk.session.passed_over == ()


def test_a_file_that_is_given_by_itself_is_tried_whatever_it_is_called(desk: Desk) -> None:
    odd = desk.photo("me.dat")
    desk.drop(desk.folder)
    desk.until(lambda: desk.session.passed_over)
    desk.drop(odd)
    desk.until(lambda: odd in [entry.source for entry in desk.entries])
    assert desk.session.passed_over == ()
