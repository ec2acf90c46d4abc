"""Starts the window: font, language, colours, engine, pages."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from photoguard.errors import Failed
from photoguard.gui.bridge import Bridge
from photoguard.gui.preferences import Preferences
from photoguard.gui.session import Session
from photoguard.gui.window import MainWindow
from photoguard.gui.words import Words
from photoguard.i18n import Language, language, sentence
from photoguard.places import asset
from photoguard.policy import policy
from photoguard.settings import settings_path


@dataclass(frozen=True, eq=False)
class Opened:
    """The window and what keeps it going."""

    window: MainWindow
    session: Session
    words: Words
    preferences: Preferences
    bridge: Bridge


def run_window(paths: Sequence[str] = ()) -> int:
    """Open the window, with ``paths`` in its list, until the user closes it."""
    multiprocessing.freeze_support()
    app = application()
    try:
        opened = open_window(app, settings_path())
    except Failed as error:
        # rules that cannot be read: whoever sits here should know whom to ask
        QMessageBox.critical(None, "photoguard", sentence(error.problem, language()))
        return 2
    opened.window.add([Path(path).absolute() for path in paths])
    opened.window.show()
    code = app.exec()
    opened.session.close()
    return code


def application() -> QApplication:
    """The one application of this process, with our style."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("photoguard")
    app.setApplicationDisplayName("photoguard")
    app.setDesktopFileName("photoguard")
    app.setStyle("Fusion")
    icon = asset("icon", "photoguard.png")
    if icon is not None:
        app.setWindowIcon(QIcon(str(icon)))
    return app


def open_window(app: QApplication, settings: Path, bridge: Bridge | None = None) -> Opened:
    """Build the window, not shown yet; ``bridge`` to other engines than the real ones. Raises ``Failed(POLICY_BROKEN)``."""
    preferences = Preferences(settings, policy())
    words = Words(preferences.tongue)
    bridge = bridge or Bridge(threads=preferences.settings.threads)
    session = Session(bridge, preferences.settings)
    translators = _QtWords(app)
    translators.speak(words.tongue)
    words.changed.connect(lambda: translators.speak(words.tongue))
    window = MainWindow(session, words, preferences)
    translators.setParent(window)
    window.wear()
    session.run.pace_learned.connect(lambda seconds: preferences.change(seconds_per_face=seconds))
    return Opened(window, session, words, preferences, bridge)


class _QtWords(QObject):
    """Qt's own words, for its dialogs and menus, in the window's language."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._translator = QTranslator(self)

    def speak(self, tongue: Language) -> None:
        self._app.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if tongue is not Language.ENGLISH and self._translator.load(f"qtbase_{tongue}", folder):
            self._app.installTranslator(self._translator)
