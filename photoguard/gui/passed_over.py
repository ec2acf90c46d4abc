"""What else lay in the dropped folders: how many files are no photos and, for who asks, which."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.session import Session
from photoguard.gui.widgets import button, label, said
from photoguard.gui.words import Words

_LINES = 6
"""How many names are seen at once."""


class PassedOver(QWidget):
    """Seen only when there are such files; their names are folded away until they are asked for."""

    def __init__(self, session: Session, words: Words) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self._text = label("muted")
        self.fold = button(words, "passed_over_show", self._turn, "quiet")
        self.names = QListView()
        self._model = QStringListModel(self)
        self.names.setModel(self._model)
        self.names.setUniformItemSizes(True)
        self.names.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        words.label(self.names, "passed_over_list")
        self._note = said(words, "passed_over_note", "muted")
        row = FlowLayout()
        row.addWidget(self.fold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._text, self.names, self._note):
            layout.addWidget(part)
        layout.addLayout(row)
        self._show_names(is_wanted=False)
        session.changed.connect(self._tell)
        words.changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        count = len(self._session.passed_over)
        self.setVisible(count > 0)
        if not count:
            self._show_names(is_wanted=False)
            return
        self._text.setText(self._words.tr("passed_over", count=count))
        name = self._words.tr("passed_over_hide" if self._is_unfolded else "passed_over_show")
        self.fold.setText(name)
        self.fold.setAccessibleName(name)
        if self._is_unfolded and self._model.rowCount() != count:
            self._model.setStringList(list(self._session.passed_over))

    @property
    def _is_unfolded(self) -> bool:
        return not self.names.isHidden()

    def _turn(self) -> None:
        self._show_names(is_wanted=not self._is_unfolded)
        self._tell()

    def _show_names(self, *, is_wanted: bool) -> None:
        self.names.setVisible(is_wanted)
        self._note.setVisible(is_wanted)
        self.names.setFixedHeight(_LINES * self.fontMetrics().height() + 24)
        if not is_wanted:
            self._model.setStringList([])
