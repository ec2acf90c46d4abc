"""도움받기 / Get help: one sentence of relief, one number, what to do now, then everyone who can help. No network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photoguard.gui.widgets import card, dotted, emptied, label, page, said
from photoguard.gui.words import Words
from photoguard.help import Contact, checked_on, contacts
from photoguard.policy import HelpContact

_STEPS = 5
_LIMITS = 3


class HelpPage(QWidget):
    """Offline; each number and address can be copied."""

    def __init__(self, words: Words, nearby: Sequence[HelpContact] = ()) -> None:
        super().__init__()
        self._words = words
        self._nearby = nearby
        self._near = QVBoxLayout()
        scroll, column = page(words, "help_title")
        column.addWidget(said(words, "help_title", "title"))
        frame, layout = card()
        layout.addWidget(said(words, "help_fault", "heading"))
        layout.addWidget(said(words, "help_alone"))
        layout.addWidget(said(words, "help_danger"))
        column.addWidget(frame)
        if nearby:
            frame, layout = card()
            layout.addWidget(said(words, "help_nearby_heading", "heading"))
            layout.addLayout(self._near)
            column.addWidget(frame)
        frame, layout = card()
        layout.addWidget(said(words, "help_now_heading", "heading"))
        for number in range(1, _STEPS + 1):
            layout.addLayout(dotted(said(words, f"help_now_{number}")))
        column.addWidget(frame)
        self._lists = {}
        for region in ("korea", "world"):
            frame, layout = card()
            layout.addWidget(said(words, f"help_{region}_heading", "heading"))
            self._lists[region] = QVBoxLayout()
            self._lists[region].setSpacing(14)
            layout.addLayout(self._lists[region])
            column.addWidget(frame)
        frame, layout = card()
        layout.addWidget(said(words, "help_limits_heading", "heading"))
        for number in range(1, _LIMITS + 1):
            layout.addLayout(dotted(said(words, f"help_limits_{number}")))
        layout.addLayout(dotted(said(words, "help_law")))
        column.addWidget(frame)
        self._checked = label("muted")
        column.addWidget(self._checked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        words.changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        self._tell_nearby()
        self._checked.setText(self._words.tr("help_checked", date=checked_on().isoformat()))
        for region, layout in self._lists.items():
            emptied(layout)
            for contact in contacts():
                if contact.region == region:
                    layout.addWidget(self._row(contact))

    def _tell_nearby(self) -> None:
        """Whom an administrator named, such as the school's counsellor; before everybody who is far away."""
        emptied(self._near)
        for contact in self._nearby:
            for role, text in (("strong", contact.name), ("", contact.note)):
                if text:
                    line = label(role)
                    line.setText(text)
                    self._near.addWidget(line)
            for value in (contact.phone, contact.mail, contact.url):
                if value:
                    self._near.addLayout(self._copyable(value, value))

    def _row(self, contact: Contact) -> QWidget:
        tongue = self._words.tongue
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        name = label("strong")
        name.setText(contact.name[tongue])
        purpose = label()
        purpose.setText(contact.purpose[tongue])
        layout.addWidget(name)
        layout.addWidget(purpose)
        if contact.is_fingerprint:
            layout.addWidget(said(self._words, "help_hash", "muted"))
        if contact.phone:
            shown = self._words.tr("help_phone", number=contact.phone)
            if contact.phone_note is not None:
                shown = f"{shown} ({contact.phone_note[tongue]})"
            layout.addLayout(self._copyable(shown, contact.phone))
        if contact.url:
            layout.addLayout(self._copyable(contact.url, contact.url))
        return row

    def _copyable(self, shown: str, value: str) -> QHBoxLayout:
        text = label("accent")
        text.setText(shown)
        copy = QPushButton(self._words.tr("help_copy"))
        copy.setAutoDefault(False)
        copy.setAccessibleName(self._words.tr("help_copy_of", what=value))

        def take() -> None:
            QApplication.clipboard().setText(value)
            copy.setText(self._words.tr("copied"))

        copy.clicked.connect(take)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(text, 1)
        line.addWidget(copy)
        return line
