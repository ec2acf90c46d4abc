"""A window without a screen; every slip inside a slot fails the test."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# without the window's own extra there is nothing to test here
collect_ignore_glob = [] if find_spec("PySide6") else ["test_*.py"]

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from window_desk import Desk


@pytest.fixture(scope="session")
def app() -> Iterator[QApplication]:
    from PySide6.QtCore import QEvent

    from photoguard.gui.application import application

    app = application()
    yield app
    # while there still is an application: what Qt lets go of after it ends the process badly
    app.clipboard().clear()
    for window in app.topLevelWidgets():
        window.close()
        window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    gc.collect()


@pytest.fixture(autouse=True)
def _no_slips() -> Iterator[None]:
    """Qt prints what a slot raises and goes on; a test must not."""
    slips: list[BaseException] = []
    before = sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: slips.append(error)
    yield
    sys.excepthook = before
    assert not slips


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    from window_desk import open_desk

    desk = open_desk(app, tmp_path / "album", tmp_path / "settings.json")
    yield desk
    desk.window.close()
    desk.window.deleteLater()
    desk.settle()


@pytest.fixture
def open_again(app: QApplication) -> Callable[[Desk], Desk]:
    """Close a window as a user does, and start the program anew over the same files."""
    from window_desk import open_desk

    def again(desk: Desk) -> Desk:
        desk.window.close()
        return open_desk(app, desk.folder, desk.folder.parent / "settings.json")

    return again
