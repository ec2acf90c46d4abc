"""The page that explains: what it does, what it cannot do, what the figures mean."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from photoguard.gui.widgets import card, page, prose, said
from photoguard.gui.words import Words

_PARTS = ("does", "cannot", "numbers", "safe", "keys")


class HowPage(QWidget):
    """Plain text, part by part."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        scroll, column = page(words, "how_heading")
        column.addWidget(said(words, "how_heading", "title"))
        for part in _PARTS:
            frame, layout = card()
            layout.addWidget(said(words, f"how_{part}_heading", "heading"))
            layout.addWidget(prose(words, f"how_{part}"))
            column.addWidget(frame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
