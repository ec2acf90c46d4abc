"""From a dropped photo to a copy, and every way in which that can end."""

from __future__ import annotations

import os
import signal
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_engines import leftovers
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from window_desk import Desk

from photoguard.domain import OutcomeKind, Strength
from photoguard.errors import Problem, ProblemCode
from photoguard.gui.queue_model import State
from photoguard.gui.telling import state_words
from photoguard.settings import Naming
from photoguard.worker.messages import Event, Finished, PeopleMet, Progressed, Unable


def test_a_dropped_photo_is_protected_with_one_more_click_into_a_folder_beside_it(desk: Desk) -> None:
    (entry,) = desk.drop_and_look("me.jpg")
    assert entry.faces is not None
    desk.protect()
    (entry,) = desk.entries
    assert entry.outcome is not None
    assert entry.outcome.kind is OutcomeKind.PROTECTED
    assert entry.outcome.output == desk.folder / "photoguard" / "me.jpg"
    assert (desk.folder / "me.jpg").read_bytes() == b"photo"


def test_a_dropped_folder_keeps_its_tree_and_leaves_other_files_alone(desk: Desk) -> None:
    for name in ("trip/day1/a.jpg", "trip/day2/b.jpg", "trip/notes.txt"):
        desk.photo(name)
    desk.drop(desk.folder / "trip")
    desk.until(lambda: len(desk.session.queue) == 2)
    desk.protect()
    copies = sorted(path for path in (desk.folder / "photoguard").rglob("*") if path.is_file())
    assert copies == [desk.folder / "photoguard" / "trip" / place for place in ("day1/a.jpg", "day2/b.jpg")]


def test_a_folder_without_photos_is_not_called_a_file(desk: Desk) -> None:
    desk.photo("papers/notes.txt")
    desk.drop(desk.folder / "papers")
    desk.until(lambda: len(desk.session.queue) == 1)
    assert state_words(desk.entries[0], desk.words) == "No photos inside"
    assert not desk.window.photos.start_bar.protect.isEnabled()


def test_the_same_photo_dropped_twice_and_within_its_folder_is_listed_once(desk: Desk) -> None:
    photo = desk.photo("trip/a.jpg")
    desk.drop(photo, photo)
    desk.drop(desk.folder / "trip")
    desk.until(lambda: not desk.session.is_walking)
    assert [entry.source for entry in desk.entries] == [photo]


def test_copies_of_an_earlier_run_are_not_taken_for_new_photos(desk: Desk) -> None:
    desk.photo("a.jpg")
    desk.drop(desk.folder)
    desk.until(lambda: len(desk.session.queue) == 1 and not desk.session.is_walking)
    desk.session.protect()
    desk.until(lambda: not desk.session.run.is_running)
    desk.photo("photoguard/a.jpg")
    desk.drop(desk.folder)
    desk.until(lambda: not desk.session.is_walking)
    assert len(desk.session.queue) == 1


@pytest.mark.parametrize(
    "name",
    [
        "한글 사진.jpg",
        unicodedata.normalize("NFD", "한글 사진.jpg"),
        "with space & (1).jpg",
        "-dash.jpg",
        "🌸.png",
    ],
)
def test_names_of_every_kind_come_through(desk: Desk, name: str) -> None:
    desk.drop_and_look(name)
    desk.protect()
    assert (desk.folder / "photoguard" / name).exists()


def test_what_is_no_file_of_this_computer_is_answered_calmly(desk: Desk) -> None:
    desk.drop(QUrl("https://example.org/me.jpg"))
    assert len(desk.session.queue) == 0
    assert desk.words.tr("dropped_nothing") == desk.window._message.text()


def test_a_file_that_cannot_be_read_says_so_and_is_not_tried(desk: Desk) -> None:
    bad, good = desk.drop_and_look("refused.jpg", "me.jpg")
    assert bad.problem is not None
    desk.protect()
    bad, good = desk.entries
    assert bad.outcome is None
    assert good.outcome is not None


def test_cancelling_ends_what_is_in_work_and_what_waits_and_leaves_nothing_half_written(desk: Desk) -> None:
    """How soon: the work's next step (tests/worker/test_server.py), else the client's patience (test_client.py)."""
    desk.drop_and_look("slow.jpg", "me.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.current is not None)
    heard: list[Event] = []
    desk.bridge.heard.connect(heard.append)
    desk.window.photos.run_bar.stop.click()
    desk.until(lambda: not desk.session.run.is_running)
    assert [entry.state for entry in desk.entries] == [State.STOPPED, State.STOPPED]
    assert not [event for event in heard if isinstance(event, Finished)]
    assert leftovers(desk.folder) == []


def test_several_photos_are_looked_at_before_the_first_of_them_is_changed(desk: Desk) -> None:
    desk.drop_and_look("a.jpg", "moving.jpg", "b.jpg")
    heard: list[Event] = []
    desk.bridge.heard.connect(heard.append)
    said: list[str] = []
    desk.session.changed.connect(lambda: said.append(desk.window.photos.run_bar._text.text()))
    desk.protect()
    answers = [type(event) for event in heard if isinstance(event, PeopleMet | Finished)]
    assert answers == [PeopleMet, PeopleMet, Finished, Finished, Finished]  # an animation is only cleaned
    assert all(entry.state is State.DONE for entry in desk.entries)
    assert "Looking first who is in the photos: 2 of 2" in "\n".join(said)
    assert desk.session.run.met is None


def test_one_photo_is_not_looked_at_first(desk: Desk) -> None:
    desk.drop_and_look("a.jpg")
    heard: list[Event] = []
    desk.bridge.heard.connect(heard.append)
    desk.protect()
    assert not [event for event in heard if isinstance(event, PeopleMet)]


def test_stopping_while_people_are_met_stops_everything_and_it_can_be_gone_on_with(desk: Desk) -> None:
    desk.drop_and_look("a.jpg", "shy.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.met == (1, 2))
    assert [entry.state for entry in desk.entries] == [State.QUEUED, State.WORKING]
    desk.window.photos.run_bar.stop.click()
    desk.until(lambda: not desk.session.run.is_running)
    desk.settle()
    assert [entry.state for entry in desk.entries] == [State.STOPPED, State.STOPPED]
    assert desk.session.run.met is None
    assert leftovers(desk.folder) == []
    assert len(desk.session.open_entries()) == 2


def test_what_comes_late_from_cancelled_work_changes_nothing(desk: Desk) -> None:
    desk.drop_and_look("slow.jpg")
    heard: list[Event] = []
    desk.bridge.heard.connect(heard.append)
    desk.session.protect()
    desk.until(lambda: desk.session.run.current is not None)
    desk.session.run.cancel()
    desk.until(lambda: not desk.session.run.is_running)
    late = next(event for event in heard if isinstance(event, Progressed))
    desk.bridge.heard.emit(late)
    (entry,) = desk.entries
    assert (entry.state, entry.progress) == (State.STOPPED, None)


def test_work_that_hears_nothing_is_cancelled_too(desk: Desk) -> None:
    desk.drop_and_look("deaf.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.current is not None)
    desk.window.photos.run_bar.stop.click()
    desk.until(lambda: not desk.session.run.is_running)
    assert desk.entries[0].state is State.STOPPED


def test_what_was_stopped_can_be_gone_on_with(desk: Desk) -> None:
    desk.drop_and_look("me.jpg", "slow.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.entries[0].outcome is not None and desk.session.run.current is not None)
    desk.session.run.cancel()
    desk.until(lambda: not desk.session.run.is_running)
    assert [entry.ticket for entry in desk.session.open_entries()] == [desk.entries[1].ticket]


def test_pausing_holds_the_work_and_going_on_ends_it(desk: Desk) -> None:
    desk.drop_and_look("slow.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.current is not None and desk.session.run.current.progress.step > 1)
    desk.window.photos.run_bar.pause.click()
    assert desk.session.run.is_paused
    held = None
    while (now := desk.session.run.current.progress) != held:  # on a busy computer the engine hears of it late
        assert now.step < now.steps - 1, "it went on to the end"
        held, end = now, time.monotonic() + 0.4
        desk.until(lambda end=end: time.monotonic() > end)
    desk.window.photos.run_bar.pause.click()
    desk.until(lambda: desk.session.run.current.progress != held)


def test_an_engine_killed_in_mid_photo_fails_that_photo_only_and_says_so(desk: Desk) -> None:
    desk.drop_and_look("slow.jpg", "me.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.current is not None)
    assert desk.bridge.worker_id is not None
    os.kill(desk.bridge.worker_id, signal.SIGKILL)
    desk.until(lambda: not desk.session.run.is_running)
    first, second = (entry.outcome for entry in desk.entries)
    assert first is not None
    assert first.kind is OutcomeKind.FAILED
    assert first.problem is not None
    assert first.problem.code is ProblemCode.ENGINE_DIED
    assert second is not None
    assert second.kind is OutcomeKind.PROTECTED
    assert leftovers(desk.folder) == []


def test_what_the_looking_engine_fails_at_does_not_end_the_work_on_the_same_photo(desk: Desk) -> None:
    (entry,) = desk.drop_and_look("slow.jpg")
    desk.session.protect()
    desk.until(lambda: desk.session.run.current is not None)
    desk.bridge.heard.emit(Unable(entry.ticket, Problem(ProblemCode.ENGINE_DIED)))
    assert desk.session.run.is_running
    assert desk.entries[0].state is State.WORKING


def test_after_a_restart_finished_photos_are_known_and_the_others_are_done(
    desk: Desk, open_again: Callable[[Desk], Desk]
) -> None:
    desk.drop_and_look("me.jpg", "slow.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.entries[0].outcome is not None and desk.session.run.current is not None)
    first_copy = desk.folder / "photoguard" / "me.jpg"
    written = first_copy.stat().st_mtime_ns
    desk = open_again(desk)
    desk.drop(desk.folder / "me.jpg", desk.photo("later.jpg"))
    desk.until(lambda: len(desk.session.queue) == 2)
    desk.protect()
    kinds = [entry.outcome.kind for entry in desk.entries]
    assert kinds == [OutcomeKind.SKIPPED, OutcomeKind.PROTECTED]
    assert first_copy.stat().st_mtime_ns == written
    desk.window.close()


def test_protecting_again_makes_one_more_copy_with_the_other_strength(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    desk.protect()
    desk.session.protect_again(desk.entries[0].ticket, Strength.STRONG)
    desk.until(lambda: not desk.session.run.is_running)
    (entry,) = desk.entries
    assert entry.options is not None
    assert entry.options.strength is Strength.STRONG
    assert {path.name for path in (desk.folder / "photoguard").iterdir()} == {"me.jpg", entry.outcome.output.name}
    assert entry.outcome.output.name != "me.jpg"


def test_a_photo_whose_faces_are_all_left_out_is_only_cleaned(desk: Desk) -> None:
    (entry,) = desk.drop_and_look("me.jpg")
    desk.session.toggle_face(entry.ticket, 0)
    desk.protect()
    assert desk.entries[0].outcome.kind is OutcomeKind.SCRUBBED


def test_a_moving_picture_is_cleaned_and_never_called_protected(desk: Desk) -> None:
    (entry,) = desk.drop_and_look("moving.gif")
    assert state_words(entry, desk.words) == "Moving picture"
    desk.protect()
    assert desk.entries[0].outcome.kind is OutcomeKind.SCRUBBED


def test_a_pasted_picture_is_protected_into_the_pictures_folder_and_its_own_file_goes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "photoguard.gui.incoming.QStandardPaths.writableLocation", lambda _place: str(tmp_path / "Pictures")
    )
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(image)
    desk.window.paste()
    desk.until(lambda: len(desk.session.queue) == 1 and desk.entries[0].faces is not None)
    own = desk.entries[0].source
    desk.protect()
    assert desk.entries[0].outcome.output == tmp_path / "Pictures" / "photoguard" / own.name
    desk.window.close()
    assert not own.exists()


def test_copied_files_are_pasted_like_dropped_ones(desk: Desk) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(desk.photo("me.jpg")))])
    QGuiApplication.clipboard().setMimeData(data)
    desk.window.paste()
    desk.until(lambda: len(desk.session.queue) == 1)


def test_the_folder_and_the_neutral_names_of_the_settings_hold(desk: Desk, tmp_path: Path) -> None:
    desk.preferences.change(out=str(tmp_path / "copies"), naming=Naming.COUNTER)
    desk.drop_and_look("me.jpg", "you.jpg")
    desk.protect()
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == ["photo-0001.jpg", "photo-0002.jpg"]


def test_one_false_identity_can_be_set_for_an_album(desk: Desk) -> None:
    desk.drop_and_look("a.jpg", "b.jpg")
    note = desk.window.photos.start_bar._note
    assert desk.words.tr("persona_each") in note.text()
    QTest.keyClicks(desk.window.photos.start_bar.persona, " holiday ")
    assert desk.words.tr("persona_all", count=2, persona="holiday") in note.text()
    desk.protect()
    assert [entry.options.persona for entry in desk.entries if entry.options] == ["holiday", "holiday"]
    desk.window.photos.start_bar.persona.selectAll()
    QTest.keyClick(desk.window.photos.start_bar.persona, Qt.Key.Key_Delete)
    desk.session.protect_again(desk.entries[0].ticket, Strength.STRONG)
    assert desk.entries[0].options is not None
    assert desk.entries[0].options.persona is None
