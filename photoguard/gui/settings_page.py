"""The settings; each counts from the moment it is changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from photoguard.domain import Strength
from photoguard.errors import Failed
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.locks import lock
from photoguard.gui.preferences import Preferences
from photoguard.gui.widgets import ChoiceBox, button, card, label, page, said
from photoguard.gui.words import Words
from photoguard.places import user_state
from photoguard.settings import Naming, Theme

_TEXT_SIZES = (100, 125, 150, 175, 200)


class SettingsPage(QWidget):
    """One card per group of choices."""

    def __init__(self, words: Words, preferences: Preferences, show_models: Callable[[], object]) -> None:
        super().__init__()
        self._words = words
        self._preferences = preferences
        self._choices: list[_Choice] = []
        scroll, column = page(words, "settings_heading")
        column.addWidget(said(words, "settings_heading", "title"))
        self._note = label("muted")
        column.addWidget(self._note)
        column.addWidget(self._looks_card())
        column.addWidget(self._copies_card())
        column.addWidget(self._work_card(show_models))
        column.addWidget(self._notes_card())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        preferences.changed.connect(self._tell)
        preferences.unsaved.connect(lambda: self._note.setText(self._words.tr("settings_not_saved")))
        words.changed.connect(self._tell)
        self._tell()

    def _looks_card(self) -> QWidget:
        frame, layout = card()
        self._add(
            layout,
            "set_language",
            "language",
            [("", "language_system"), ("ko", "language_korean"), ("en", "language_english")],
        )
        self._add(layout, "set_theme", "theme", [(theme, f"theme_{theme}") for theme in Theme])
        self._add(layout, "set_text", "text_percent", [(size, "percent") for size in _TEXT_SIZES])
        return frame

    def _copies_card(self) -> QWidget:
        frame, layout = card()
        self._add(layout, "set_strength", "strength", [(strength, strength.value) for strength in Strength])
        layout.addWidget(said(self._words, "set_folder", "strong"))
        self._folder = label()
        layout.addWidget(self._folder)
        row = FlowLayout()
        self.choose_folder = button(self._words, "choose_folder", self._choose_folder)
        self._reset = button(self._words, "folder_reset", lambda: self._preferences.change(out=""), "quiet")
        row.addWidget(self.choose_folder)
        row.addWidget(self._reset)
        layout.addLayout(row)
        self._add(layout, "set_naming", "naming", [(naming, f"naming_{naming}") for naming in Naming])
        layout.addWidget(said(self._words, "naming_note", "muted"))
        return frame

    def _work_card(self, show_models: Callable[[], object]) -> QWidget:
        frame, layout = card()
        half = max(1, (os.cpu_count() or 2) // 2)
        threads = [(0, "threads_all"), (half, "threads_half"), (1, "threads_one")]
        self._add(layout, "set_threads", "threads", threads if half > 1 else [threads[0], threads[2]])
        layout.addWidget(said(self._words, "threads_note", "muted"))
        layout.addWidget(said(self._words, "set_models", "strong"))
        row = FlowLayout()
        row.addWidget(button(self._words, "models_open", show_models))
        layout.addLayout(row)
        return frame

    def _notes_card(self) -> QWidget:
        frame, layout = card()
        layout.addWidget(said(self._words, "set_notes", "strong"))
        self._notes = label("muted")
        self._notes_say = "notes_note"
        layout.addWidget(self._notes)
        row = FlowLayout()
        self.erase_notes = button(self._words, "notes_erase", self._erase_notes)
        row.addWidget(self.erase_notes)
        layout.addLayout(row)
        return frame

    def _erase_notes(self) -> None:
        from photoguard.batch.forgetting import forget  # it brings all of the batch, for which no window should wait

        try:
            self._notes_say = "notes_erased" if forget(user_state()) else "notes_none"
        except Failed:
            self._notes_say = "notes_kept"
        self._notes.setText(self._words.tr(self._notes_say))

    def _add(self, layout: QVBoxLayout, name: str, field: str, values: Sequence[tuple[object, str]]) -> None:
        choice = _Choice(self._words, self._preferences, name, field, values)
        heading = said(self._words, name, "strong")
        heading.setBuddy(choice)
        layout.addWidget(heading)
        layout.addWidget(choice)
        self._choices.append(choice)

    def _tell(self) -> None:
        settings = self._preferences.settings
        for choice in self._choices:
            choice.tell()
        self._folder.setText(settings.out or self._words.tr("folder_beside"))
        self._reset.setVisible(bool(settings.out))
        self._note.setText(self._words.tr("settings_saved"))
        self._notes.setText(self._words.tr(self._notes_say))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._words.tr("choose_folder"), self._preferences.settings.out)
        if folder:
            self._preferences.change(out=folder)


class _Choice(ChoiceBox):
    """One setting with few values."""

    def __init__(
        self, words: Words, preferences: Preferences, name: str, field: str, values: Sequence[tuple[object, str]]
    ) -> None:
        super().__init__()
        self._words = words
        self._preferences = preferences
        self._field = field
        self._values = values
        for _ in values:
            self.addItem("")
        words.label(self, name)
        if field in preferences.rules.locked:
            lock(self, words)
        self.activated.connect(lambda number: preferences.change(**{field: values[number][0]}))

    def tell(self) -> None:
        for number, (value, name) in enumerate(self._values):
            facts = {"count": value} if name == "percent" else {}
            self.setItemText(number, self._words.tr(name, **facts))
            if isinstance(value, Strength) and (model := self.model()) is not None:
                # weaker than an administrator allows: there to be seen, not to be chosen
                is_allowed = self._preferences.rules.strength(value) is value
                assert isinstance(model, QStandardItemModel)
                model.item(number).setEnabled(is_allowed)
                model.item(number).setToolTip("" if is_allowed else self._words.tr("locked"))
        present = getattr(self._preferences.settings, self._field)
        with QSignalBlocker(self):
            self.setCurrentIndex(
                next((number for number, (value, _) in enumerate(self._values) if value == present), 0)
            )
