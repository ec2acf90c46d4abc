"""Real engines and a real journal: after a restart the window goes on where it ended. Moving pictures need no model."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from photoguard.domain import OutcomeKind
from photoguard.gui.application import Opened, open_window
from photoguard.gui.queue_model import State
from photoguard.places import user_state

_PATIENCE_S = 600.0


def moving(path: Path, shade: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [Image.new("L", (24, 16), (shade + 40 * number) % 256) for number in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], comment=b"Hong Gildong")
    return path


def protected(app: QApplication, folder: Path) -> list[tuple[str, OutcomeKind, str]]:
    """Start the program, drop ``folder``, press Protect, close: each photo's name, end and copy."""
    opened = open_window(app, folder.parent / "settings.json")
    opened.preferences.change(language="en", is_welcomed=True)
    opened.window.add([folder])
    until(app, lambda: looked_at(opened))
    opened.window.photos.start_bar.protect.click()
    until(app, lambda: not opened.session.run.is_running)
    ended = [(entry.source.name, entry.outcome) for entry in opened.session.queue]
    opened.window.close()
    opened.window.deleteLater()
    return [
        (name, outcome.kind, outcome.output.name if outcome.output is not None else "")
        for name, outcome in ended
        if outcome is not None
    ]


def looked_at(opened: Opened) -> bool:
    queue = opened.session.queue
    return bool(len(queue)) and not opened.session.is_walking and all(one.state is State.READY for one in queue)


def until(app: QApplication, is_so: object) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not is_so():  # type: ignore[operator]
        app.processEvents()
        time.sleep(0.002)
        assert time.monotonic() < end, "waited in vain"


def test_after_a_restart_whole_copies_are_known_changed_photos_done_again_and_new_ones_done(
    app: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "trip"
    moving(folder / "a.gif", 10)
    moving(folder / "b.gif", 20)
    assert [kind for _, kind, _ in protected(app, folder)] == [OutcomeKind.SCRUBBED] * 2
    moving(folder / "b.gif", 30)
    moving(folder / "c.gif", 40)
    assert protected(app, folder) == [
        ("a.gif", OutcomeKind.SKIPPED, "a.gif"),
        ("b.gif", OutcomeKind.SCRUBBED, "b-2.gif"),
        ("c.gif", OutcomeKind.SCRUBBED, "c.gif"),
    ]


@pytest.mark.parametrize("is_there", [True, False])
def test_the_notes_can_be_erased_in_the_settings(app: QApplication, tmp_path: Path, *, is_there: bool) -> None:
    from photoguard.batch import Journal

    if is_there:
        with Journal(user_state()):
            pass
    opened = open_window(app, tmp_path / "settings.json")
    opened.preferences.change(language="en", is_welcomed=True)
    page = opened.window.page("settings")
    page.erase_notes.click()
    assert page._notes.text() == opened.words.tr("notes_erased" if is_there else "notes_none")
    assert not list(user_state().glob("journal*"))
    opened.window.close()
    opened.window.deleteLater()
