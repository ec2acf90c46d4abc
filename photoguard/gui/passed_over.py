"""What else lay in the dropped folders: how many files are no photos and, for who asks, which."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QListView, QPushButton, QVBoxLayout, QWidget

from photoguard.gui.session import Session
from photoguard.gui.widgets import label, said
from photoguard.gui.words import Words


class PassedOver(QWidget):
    """The place for the details; ``button``, which leads to it, tells the number and is seen only when there are any."""

    def __init__(self, session: Session, words: Words) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.setCheckable(True)
        self.button.setProperty("role", "quiet")
        self.button.setVisible(False)
        self.button.toggled.connect(self._tell)
        self._text = label("plain")
        self.names = QListView()
        self._model = QStringListModel(self)
        self.names.setModel(self._model)
        self.names.setUniformItemSizes(True)
        self.names.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        words.label(self.names, "passed_over_list")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._text)
        layout.addWidget(said(words, "passed_over_note", "muted"))
        layout.addWidget(self.names, 1)
        session.changed.connect(self._tell)
        words.changed.connect(self._tell)

    def _tell(self) -> None:
        count = len(self._session.passed_over)
        self.button.setVisible(count > 0)
        if not count:
            self.button.setChecked(False)
        told = self._words.tr("passed_over", count=count)
        self.button.setText(self._words.tr("passed_over_short", count=count))
        self.button.setAccessibleName(told)
        self.button.setToolTip(told)
        self._text.setText(told)
        if self.button.isChecked() and self._model.rowCount() != count:
            self._model.setStringList(list(self._session.passed_over))
