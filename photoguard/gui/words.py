"""The one way by which words reach the window: asked for by name, renewed when the language changes."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from photoguard.i18n import Language, window_words

Setter = Callable[[str], object]


class Words(QObject):
    """Speaks one language at a time."""

    changed = Signal()

    def __init__(self, tongue: Language, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tongue = tongue
        self._bound: list[tuple[QObject, Setter, str, dict[str, object]]] = []

    def tr(self, name: str, **facts: object) -> str:  # type: ignore[override]
        """The phrase called ``name`` in the present language."""
        return window_words(name, self.tongue, **facts)

    def bind(self, owner: QObject, setter: Setter, name: str, **facts: object) -> None:
        """Set a text now and again at every change of language, as long as ``owner`` lives."""
        self._bound.append((owner, setter, name, facts))
        setter(self.tr(name, **facts))

    def label(self, widget: QWidget, name: str, setter: Setter | None = None) -> None:
        """Give ``widget`` its accessible name, and its text too where it shows one."""
        if setter is not None:
            self.bind(widget, setter, name)
        self.bind(widget, lambda text: widget.setAccessibleName(text.replace("&", "")), name)

    def speak(self, tongue: Language) -> None:
        """Change the language of everything bound, then tell the rest."""
        self.tongue = tongue
        self._bound = [bound for bound in self._bound if shiboken6.isValid(bound[0])]
        for _, setter, name, facts in self._bound:
            setter(self.tr(name, **facts))
        self.changed.emit()
