"""A window over fake engines, and the hands of its user."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from fake_engines import fake_engine, fake_reader
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from photoguard.gui.application import Opened, open_window
from photoguard.gui.bridge import Bridge
from photoguard.gui.queue_model import Entry
from photoguard.settings import Theme

_PATIENCE_S = 600.0
"""On a busy computer an engine process may take minutes to start; this is for what never comes."""


class Desk:
    """A window and the hands of its user."""

    def __init__(self, app: QApplication, folder: Path, opened: Opened) -> None:
        self.app = app
        self.folder = folder
        self.window = opened.window
        self.session = opened.session
        self.preferences = opened.preferences
        self.words = opened.words
        self.bridge = opened.bridge

    def photo(self, name: str) -> Path:
        """A file of this name; the fake engines read its name only."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"photo")
        return file

    def drop(self, *paths: Path | QUrl) -> None:
        """Let go of these above the window."""
        data = QMimeData()
        data.setUrls([path if isinstance(path, QUrl) else QUrl.fromLocalFile(str(path)) for path in paths])
        actions = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.app.sendEvent(self.window, QDragEnterEvent(QPoint(200, 200), actions, data, buttons, keys))
        self.app.sendEvent(self.window, QDropEvent(QPointF(200, 200), actions, data, buttons, keys))

    def until(self, is_so: Callable[[], object]) -> None:
        """Let the window live until something holds."""
        end = time.monotonic() + _PATIENCE_S
        while not is_so():
            self.app.processEvents()
            time.sleep(0.002)
            assert time.monotonic() < end, "waited in vain"

    def settle(self) -> None:
        for _ in range(3):
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.app.processEvents()

    def drop_and_look(self, *names: str) -> list[Entry]:
        """Drop photos of these names and wait until their faces are known."""
        self.drop(*(self.photo(name) for name in names))
        self.until(lambda: len(self.session.queue) == len(names) and all(_is_known(entry) for entry in self.entries))
        return self.entries

    def protect(self) -> None:
        """Press the button and wait for the end."""
        self.window.photos.start_bar.protect.click()
        self.until(lambda: not self.session.run.is_running)

    @property
    def entries(self) -> list[Entry]:
        return list(self.session.queue)


def _is_known(entry: Entry) -> bool:
    return entry.faces is not None or entry.problem is not None


def open_desk(app: QApplication, folder: Path, state: Path) -> Desk:
    opened = open_window(app, state, Bridge(fake_engine, fake_reader))
    opened.preferences.change(language="en", is_welcomed=True, theme=Theme.LIGHT)
    opened.window.go("photos")
    opened.window.show()
    return Desk(app, folder, opened)
