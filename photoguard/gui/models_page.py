"""The recognisers on this computer, with their licences."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.widgets import button, card, emptied, label, page, said
from photoguard.gui.words import Words
from photoguard.worker.messages import ModelLine


class ModelsPage(QWidget):
    """``ask`` is called when the page is shown; the answer comes by :meth:`show_models`."""

    def __init__(self, words: Words, ask: Callable[[], object], go_back: Callable[[], object]) -> None:
        super().__init__()
        self._words = words
        self._ask = ask
        self._models: tuple[ModelLine, ...] | None = None
        scroll, column = page(words, "models_heading")
        column.addWidget(said(words, "models_heading", "title"))
        column.addWidget(said(words, "models_note"))
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
        self._tell()

    def ask(self) -> None:
        """Renew the list."""
        self._ask()

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
