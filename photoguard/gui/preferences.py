"""The user's settings while the window is open: kept on disk at every change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from photoguard.i18n import Language, language
from photoguard.policy import Policy
from photoguard.settings import Settings, load_settings, ruled, save_settings


class Preferences(QObject):
    """Holds one ``Settings`` value; ``changed`` tells what it was before."""

    changed = Signal(object)
    unsaved = Signal()
    """The disk did not take them; they hold until the window closes."""

    def __init__(self, path: Path, rules: Policy | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.rules = rules or Policy()
        # what the user chose is kept beside what the rules make of it, and counts again when they are lifted
        self._chosen: Settings = load_settings(path)
        self.settings: Settings = ruled(self._chosen, self.rules)

    def change(self, **values: Any) -> None:  # noqa: ANN401 - fields of Settings
        """Replace fields and keep them."""
        before = self.settings
        self._chosen = replace(self._chosen, **values)
        self.settings = ruled(self._chosen, self.rules)
        if self.settings == before:
            return
        try:
            save_settings(self._chosen, self._path)
        except OSError:
            self.unsaved.emit()
        self.changed.emit(before)

    @property
    def tongue(self) -> Language:
        """The language to speak."""
        return Language(self.settings.language) if self.settings.language else language()
