"""The window around the photos: pages, language, colours, memory of choices, tidiness."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from window_desk import Desk, open_desk

from photoguard.domain import OutcomeKind, Platform, Strength
from photoguard.gui.application import open_window
from photoguard.gui.bridge import Bridge
from photoguard.gui.details import details
from photoguard.gui.telling import state_words
from photoguard.gui.window import VIEWS
from photoguard.help import contacts
from photoguard.settings import Theme, load_settings


def words_on(desk: Desk) -> str:
    shown = [label.text() for label in desk.window.findChildren(QLabel) if label.isVisible()]
    shown += [one.text() for one in desk.window.findChildren(QPushButton) if one.isVisible()]
    return "\n".join(shown)


def test_the_first_start_shows_what_it_does_and_does_not_do(app: QApplication, tmp_path: Path) -> None:
    opened = open_window(app, tmp_path / "s.json", Bridge(fake_heavy, fake_light))
    assert opened.window.view == "welcome"
    opened.window.page("welcome").start.click()
    assert opened.window.view == "photos"
    opened.window.close()
    assert load_settings(tmp_path / "s.json").is_welcomed
    again = open_window(app, tmp_path / "s.json", Bridge(fake_heavy, fake_light))
    assert again.window.view == "photos"
    again.window.close()


def fake_heavy() -> None:
    raise NotImplementedError


fake_light = fake_heavy


def test_the_language_changes_everywhere_at_once_and_is_remembered(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    for view in VIEWS:
        desk.window.go(view)
        desk.preferences.change(language="ko")
        desk.settle()
        korean = words_on(desk)
        desk.preferences.change(language="en")
        desk.settle()
        english = words_on(desk)
        assert korean != english
        assert not any("가" <= letter <= "힣" for letter in english.replace("한국어", "")), view
    desk.preferences.change(language="ko")
    assert load_settings(desk.folder.parent / "settings.json").language == "ko"


def test_qt_speaks_the_language_too(desk: Desk) -> None:
    desk.preferences.change(language="ko")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"
    desk.preferences.change(language="en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_light_and_dark_can_change_while_photos_are_protected(desk: Desk) -> None:
    desk.drop_and_look("slow.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.current is not None)
    pictures = []
    for theme in (Theme.DARK, Theme.LIGHT):
        desk.preferences.change(theme=theme)
        desk.settle()
        pictures.append(desk.window.grab().toImage().pixelColor(5, 300).lightness())
    assert pictures[0] < 80 < 170 < pictures[1]
    assert desk.session.run.is_running


def test_the_platform_is_remembered_and_the_strength_of_the_bar_is_not(desk: Desk) -> None:
    bar = desk.window.photos.start_bar
    desk.drop_and_look("me.jpg")
    bar.platform.activated.emit(list(Platform).index(Platform.KAKAOTALK))
    bar._strengths[Strength.STRONG].click()
    desk.protect()
    assert desk.entries[0].options.platform is Platform.KAKAOTALK
    assert desk.entries[0].options.strength is Strength.STRONG
    kept = load_settings(desk.folder.parent / "settings.json")
    assert kept.platform is Platform.KAKAOTALK
    assert kept.strength is Strength.STANDARD


def test_settings_that_cannot_be_kept_hold_until_the_window_closes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("photoguard.gui.preferences.save_settings", full)
    desk.window.go("settings")
    desk.preferences.change(theme=Theme.DARK)
    assert desk.preferences.settings.theme is Theme.DARK


def test_every_contact_and_the_day_of_the_check_are_on_the_help_page_and_can_be_copied(desk: Desk) -> None:
    desk.window.go("help")
    desk.settle()
    shown = words_on(desk)
    for contact in contacts():
        assert contact.phone in shown
        assert contact.url in shown
    assert "2026-" in shown
    page = desk.window.page("help")
    copy = next(one for one in page.findChildren(QPushButton) if one.accessibleName() == "Copy 02-735-8994")
    copy.click()
    assert QGuiApplication.clipboard().text() == "02-735-8994"


def test_the_models_are_listed_with_their_licences(desk: Desk) -> None:
    desk.window.go("models")
    desk.until(lambda: "CC0-1.0" in words_on(desk))


def test_details_to_copy_hold_no_name_path_or_place(desk: Desk) -> None:
    desk.drop_and_look("secretname-broken.jpg")
    desk.protect()
    (entry,) = desk.entries
    assert entry.outcome.kind is OutcomeKind.FAILED
    text = details(entry)
    assert "internal" in text
    assert "ZeroDivisionError" in text
    for private in ("secretname", str(desk.folder), desk.folder.name, ".jpg"):
        assert private not in text


def test_the_report_shows_no_figure_that_flatters_and_says_what_was_removed(desk: Desk) -> None:
    desk.drop_and_look("me.jpg")
    desk.protect()
    desk.window.photos.result.show_tab(is_report=True)
    desk.settle()
    shown = words_on(desk)
    assert "Face 1: Not independently checked. Count on most recognisers still knowing the person." in shown
    assert "All that could look (fake) took part in the change" in shown
    assert "where it was taken" in shown
    assert "of 100." not in shown.replace("of 100 (SSIMULACRA2).", ""), "no number of those who took part"


def test_the_report_gives_the_number_of_those_who_had_no_part(desk: Desk) -> None:
    desk.drop_and_look("judged.jpg")
    desk.protect()
    desk.window.photos.result.show_tab(is_report=True)
    desk.settle()
    shown = words_on(desk)
    assert (
        "Face 1: Harder to recognise: those who checked it are no longer sure, others may be. Likeness left: 41 of 100."
        in shown
    )
    assert "Checked by other, with no part in the change. Took part: fake." in shown


def test_a_photo_without_a_face_is_never_called_protected(desk: Desk) -> None:
    desk.drop_and_look("faceless.jpg")
    desk.protect()
    desk.settle()
    shown = words_on(desk)
    assert "No face was protected. What was hidden in the photo is gone." in shown
    assert "1 protected" not in shown


def test_what_recognisers_still_know_is_not_called_protected(desk: Desk) -> None:
    desk.drop_and_look("known.jpg", "me.jpg", "judged.jpg")
    desk.protect()
    desk.settle()
    said = [state_words(entry, desk.words) for entry in desk.entries]
    assert said == ["Changed, still recognisable", "Changed, not checked", "Protected"]
    shown = words_on(desk)
    assert "Done: 1 protected, 1 still recognisable, 1 changed, not checked." in shown
    assert "Protected." not in shown


def test_nothing_is_said_to_be_gone_where_nothing_was_hidden(desk: Desk) -> None:
    desk.drop_and_look("bare-faceless.jpg")
    desk.protect()
    desk.settle()
    shown = words_on(desk)
    assert "No face was protected. Nothing was hidden in the photo either." in shown
    assert "is gone" not in shown


def test_nothing_of_a_closed_window_stays_behind(app: QApplication, tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    desk = open_desk(app, tmp_path / "album", tmp_path / "settings.json")
    desk.drop_and_look("slow.jpg")
    desk.window.photos.start_bar.protect.click()
    desk.until(lambda: desk.session.run.current is not None)
    desk.window.close()
    assert set(threading.enumerate()) - threads == set()
    assert desk.bridge.worker_id is None
    timers = [timer for timer in desk.session.findChildren(QTimer) if timer.isActive()]
    assert timers == []


def test_the_window_loads_neither_torch_nor_numpy_nor_pillow_nor_what_works_on_photos() -> None:
    code = (
        "import sys, photoguard.gui.application, photoguard.gui.selftest;"
        "heavy = {'torch', 'numpy', 'PIL', 'dlib', 'photoguard.pipeline', 'photoguard.containers', 'sqlite3'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_engines_load_no_qt() -> None:
    code = "import sys, photoguard.worker.reading, photoguard.worker.cloaking; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
