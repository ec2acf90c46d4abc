"""The recognisers on this computer, with their licences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from photoguard.domain import Progress, Stage
from photoguard.errors import Problem
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.locks import lock
from photoguard.gui.preferences import Preferences
from photoguard.gui.session import Session
from photoguard.gui.telling import time_words
from photoguard.gui.widgets import button, card, emptied, label, page, said
from photoguard.gui.words import Words
from photoguard.i18n import window_sentence
from photoguard.worker.messages import ModelLine


class ModelsPage(QWidget):
    """Shows what is installed; fetches and installs more when asked to."""

    def __init__(self, words: Words, session: Session, preferences: Preferences, go_back: Callable[[], object]) -> None:
        super().__init__()
        self._words = words
        self._session = session
        self._models: tuple[ModelLine, ...] | None = None
        scroll, column = page(words, "models_heading")
        column.addWidget(said(words, "models_heading", "title"))
        column.addWidget(said(words, "models_note"))
        column.addWidget(self._more(preferences))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        column.addLayout(self._list)
        back = FlowLayout()
        self.back = button(words, "back", go_back)
        back.addWidget(self.back)
        self.setFocusProxy(self.back)
        column.addLayout(back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        words.changed.connect(self._tell)
        session.models.listed.connect(self.show_models)
        session.models.changing.connect(self._show_change)
        session.models.ended.connect(self._show_end)
        self._tell()

    def _more(self, preferences: Preferences) -> QWidget:
        frame, layout = card()
        row = FlowLayout()
        self.get = button(self._words, "models_get_core", lambda: self._session.models.get("core"))
        self.add = button(self._words, "models_add", self._choose_file)
        self.stop = button(self._words, "models_stop", self._session.models.stop)
        for one in (self.get, self.add, self.stop):
            row.addWidget(one)
        layout.addLayout(row)
        layout.addWidget(said(self._words, "models_get_note", "muted"))
        self._state = label()
        self._state.setVisible(False)
        layout.addWidget(self._state)
        self.stop.setVisible(False)
        self._may_fetch = preferences.rules.network
        if not self._may_fetch:
            lock(self.get, self._words)
        return frame

    def _choose_file(self) -> None:
        heading, kinds = self._words.tr("models_add"), self._words.tr("models_add_kinds")
        path, _ = QFileDialog.getOpenFileName(self, heading, "", kinds)
        if path:
            self._session.models.take(Path(path))

    def _show_change(self, progress: Progress | None) -> None:
        is_busy = progress is not None
        self.get.setEnabled(self._may_fetch and not is_busy)
        self.add.setEnabled(not is_busy)
        self.stop.setVisible(is_busy)
        self._state.setVisible(True)
        if progress is None:
            return
        if progress.stage is Stage.FETCHING:
            done, total = (f"{kilobytes / 1000:.1f}" for kilobytes in (progress.step, progress.steps))
            text = self._words.tr("models_fetching", done=done, total=total)
            if progress.seconds_left is not None:
                text = f"{text}, {time_words(progress.seconds_left, self._words)}"
            self._state.setText(text)
        else:
            self._state.setText(self._words.tr("models_working"))

    def _show_end(self, end: Problem | bool) -> None:
        if isinstance(end, Problem):
            self._state.setText(window_sentence(end, self._words.tongue))
        else:
            self._state.setText(self._words.tr("models_changed" if end else "models_stopped"))

    def ask(self) -> None:
        """Renew the list."""
        self._session.models.ask()

    def show_models(self, models: tuple[ModelLine, ...]) -> None:
        self._models = models
        self._tell()

    def _tell(self) -> None:
        emptied(self._list)
        if not self._models:
            self._list.addWidget(
                said(self._words, "models_loading" if self._models is None else "models_none", "muted")
            )
            return
        for model in self._models:
            frame, layout = card()
            name = label("heading")
            name.setText(model.name)
            layout.addWidget(name)
            layout.addWidget(said(self._words, f"model_purpose_{model.purpose}"))
            facts = [
                self._words.tr("model_licence", licence=model.licence)
                if model.licence
                else self._words.tr("model_licence_unknown"),
                self._words.tr("model_built_in" if model.is_built_in else "model_from_folder"),
            ]
            if model.size_bytes:
                facts.append(self._words.tr("model_size", megabytes=max(1, round(model.size_bytes / 1e6))))
            line = label("muted")
            line.setText(" · ".join(facts))
            layout.addWidget(line)
            self._list.addWidget(frame)
