"""The empty window: a place to drop photos, and buttons for those who do not drag."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from photoguard.gui.theme import Colours
from photoguard.gui.widgets import button, label, said
from photoguard.gui.words import Words


class DropArea(QWidget):
    """Says what can be done; the dropping itself is taken by the whole window."""

    def __init__(
        self, words: Words, colours: Colours, open_photos: Callable[[], object], open_folder: Callable[[], object]
    ) -> None:
        super().__init__()
        self._frame = QFrame()
        self._frame.setProperty("role", "drop")
        self._frame.setProperty("over", "false")
        self._frame.setMaximumWidth(720)
        words.label(self._frame, "drop_area")
        self._sign = _Sign(colours)
        title = said(words, "drop_title", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        note = label("muted")
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keys = QKeySequence(QKeySequence.StandardKey.Paste).toString(QKeySequence.SequenceFormat.NativeText)
        words.bind(note, note.setText, "drop_note", keys=keys or "Ctrl+V")
        self.open_photos = button(words, "open_photos", open_photos, "main")
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.open_photos)
        buttons.addWidget(button(words, "open_folder", open_folder))
        buttons.addStretch(1)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(32, 36, 32, 36)
        inside.setSpacing(14)
        inside.addStretch(1)
        inside.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(title)
        inside.addWidget(note)
        inside.addSpacing(8)
        inside.addLayout(buttons)
        inside.addStretch(1)
        around = QHBoxLayout(self)
        around.setContentsMargins(28, 28, 28, 28)
        around.addStretch(1)
        around.addWidget(self._frame, 20)
        around.addStretch(1)

    def wear(self, colours: Colours) -> None:
        self._sign.colours = colours
        self._sign.update()

    def show_over(self, *, is_over: bool) -> None:
        """Answer to photos that hover above the window."""
        self._frame.setProperty("over", "true" if is_over else "false")
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)


class _Sign(QWidget):
    """A photo with an arrow into it."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self.colours = colours
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(88, 76)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QPen(
            QColor(self.colours.accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        )
        painter.setPen(line)
        painter.setBrush(QColor(self.colours.accent_soft))
        painter.drawRoundedRect(QRectF(8, 18, 72, 54), 10, 10)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # a head and shoulders
        painter.drawEllipse(QPointF(44, 41), 9, 9)
        painter.drawArc(QRectF(25, 54, 38, 34), 20 * 16, 140 * 16)
        painter.end()
