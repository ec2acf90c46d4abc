"""The first page: what it does and does not do, in which language."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.preferences import Preferences
from photoguard.gui.widgets import button, card, dotted, page, prose, said
from photoguard.gui.words import Words
from photoguard.i18n import Language

_POINTS = ("does", "faces", "safe", "cannot", "models")
_TONGUES = {"language_korean": Language.KOREAN, "language_english": Language.ENGLISH}


class WelcomePage(QWidget):
    """Shown once. Nothing is fetched from here: the page of models says what that would be, and asks."""

    def __init__(
        self,
        words: Words,
        preferences: Preferences,
        start: Callable[[], object],
        show_models: Callable[[], object],
        get_help: Callable[[], object],
    ) -> None:
        super().__init__()
        self._words = words
        scroll, column = page(words, "welcome_heading")
        tongues = FlowLayout(gap=4)
        group = QButtonGroup(self)
        self._tongues = {}
        for name, tongue in _TONGUES.items():
            choice = button(words, name, partial(preferences.change, language=tongue.value))
            choice.setCheckable(True)
            group.addButton(choice)
            tongues.addWidget(choice)
            self._tongues[tongue] = choice
        column.addLayout(tongues)
        column.addSpacing(6)
        column.addWidget(said(words, "welcome_heading", "title"))
        column.addWidget(said(words, "welcome_lead", "heading"))
        frame, layout = card()
        layout.setSpacing(12)
        for point in _POINTS:
            layout.addLayout(dotted(prose(words, f"welcome_{point}")))
        column.addWidget(frame)
        row = FlowLayout(gap=10)
        self.start = button(words, "welcome_start", start, "main")
        row.addWidget(self.start)
        self.models = button(words, "welcome_get_models", show_models)
        row.addWidget(self.models)
        row.addWidget(button(words, "welcome_help", get_help))
        column.addLayout(row)
        self.setFocusProxy(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        words.changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        self._tongues[self._words.tongue].setChecked(True)
