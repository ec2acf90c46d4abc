"""What an AI editor sees: the photo and its copy as its encoder reads them, with what that is worth."""

from __future__ import annotations

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.pictures import own_image
from photoguard.gui.queue_model import Entry
from photoguard.gui.widgets import card, column_in, emptied, label, said
from photoguard.gui.words import Words
from photoguard.i18n import shield_words
from photoguard.worker.messages import EditorView, Picture

_NAMES = {"flux2": "FLUX.2", "sana": "Sana"}
"""Families of encoders as people know them."""


class EditorsPanel(QScrollArea):
    """Pictures come later than the figures: an engine decodes them."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._entry: Entry | None = None
        self._views: tuple[EditorView, ...] | None = None
        self._has_failed = False
        words.label(self, "editors_heading")
        self._column = column_in(self)
        words.changed.connect(self._tell)

    def show_entry(self, entry: Entry) -> None:
        """Show the figures of ``entry``; its pictures are not known yet."""
        self._entry, self._views, self._has_failed = entry, None, False
        self._tell()

    def show_views(self, views: tuple[EditorView, ...] | None) -> None:
        """Show the pictures; None: they could not be made."""
        self._views, self._has_failed = views, views is None
        self._tell()

    @property
    def is_complete(self) -> bool:
        """Whether there are pictures, or will be none."""
        return self._views is not None or self._has_failed

    def _tell(self) -> None:
        emptied(self._column)
        if self._entry is None or self._entry.outcome is None:
            return
        frame, layout = card()
        layout.addWidget(said(self._words, "editors_heading", "heading"))
        layout.addWidget(said(self._words, "editors_note", "muted"))
        if self._has_failed or self._views == ():
            layout.addWidget(said(self._words, "editors_failed" if self._has_failed else "editors_none"))
        elif self._views is None:
            layout.addWidget(said(self._words, "editors_loading"))
        for view in self._views or ():
            name = _NAMES.get(view.family, view.family)
            pair = FlowLayout(gap=12)
            for picture, words in ((view.before, "editors_before"), (view.after, "editors_after")):
                pair.addWidget(_captioned(picture, self._words.tr(words, editor=name)))
            layout.addLayout(pair)
        for line in shield_words(self._entry.outcome.shield, self._words.tongue):
            text = label()
            text.setText(line)
            layout.addWidget(text)
        self._column.addWidget(frame)
        self._column.addStretch(1)


def _captioned(picture: Picture, caption: str) -> QWidget:
    group = QWidget()
    column = QVBoxLayout(group)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    shown = QLabel()
    if (image := own_image(picture)) is not None:
        shown.setPixmap(QPixmap.fromImage(image))
    shown.setAccessibleName(caption)
    column.addWidget(shown)
    below = label("muted")
    below.setText(caption)
    below.setMaximumWidth(picture.width)
    column.addWidget(below)
    return group
