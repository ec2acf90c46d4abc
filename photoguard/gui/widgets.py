"""Labels, buttons, cards and pages in the window's style; their words follow the language."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from photoguard.gui.words import Words

PAGE_WIDTH = 720
"""Pages of text are not wider than this: long lines are hard to read."""


def label(role: str = "", *, wraps: bool = True) -> QLabel:
    """A line or paragraph; roles as in the theme. Its text can be marked and copied."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if role:
        made.setProperty("role", role)
    return made


def said(words: Words, name: str, role: str = "", **facts: object) -> QLabel:
    """A label that says the phrase ``name``."""
    made = label(role)
    words.bind(made, made.setText, name, **facts)
    return made


def prose(words: Words, name: str) -> QLabel:
    """A paragraph with room between its lines."""
    made = label()
    made.setTextFormat(Qt.TextFormat.RichText)
    words.bind(made, lambda text: made.setText(f'<p style="line-height: 140%">{html.escape(text)}</p>'), name)
    return made


def listed(lines: Iterable[str]) -> QVBoxLayout:
    """Short lines below each other, each with a dot."""
    column = QVBoxLayout()
    column.setSpacing(5)
    for line in lines:
        text = label()
        text.setText(line)
        column.addLayout(dotted(text))
    return column


def dotted(text: QLabel) -> QHBoxLayout:
    """``text`` with a dot before its first line."""
    dot = label(wraps=False)
    dot.setText("•")
    row = QHBoxLayout()
    row.setSpacing(9)
    row.addWidget(dot, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return row


class ChoiceBox(QComboBox):
    """A box to choose from, with an arrow in the colour of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the longest choice. Qt's own keeps that of the language before, since it forgets only ``sizeHint``."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        middle, unit = QPointF(self.width() - 18, self.height() / 2), self.fontMetrics().height() / 8
        points = [QPointF(-2 * unit, -unit), QPointF(0, unit), QPointF(2 * unit, -unit)]
        painter.drawPolyline(QPolygonF([middle + point for point in points]))
        painter.end()


class TickBox(QCheckBox):
    """A box to tick, as large as its text; the theme gives the box, this draws the tick."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = QRectF(self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.HighlightedText)
        painter.setPen(QPen(colour, box.width() / 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        shares = ((0.25, 0.52), (0.43, 0.7), (0.76, 0.32))
        painter.drawPolyline([box.topLeft() + QPointF(x * box.width(), y * box.height()) for x, y in shares])
        painter.end()


def button(words: Words, name: str, act: Callable[[], object], role: str = "") -> QPushButton:
    """A button that says ``name``, also to screen readers."""
    made = QPushButton()
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    words.label(made, name, made.setText)
    made.clicked.connect(lambda _is_checked=False: act())
    return made


def sign_button(words: Words, sign: str, name: str, act: Callable[[], object]) -> QPushButton:
    """A button that shows a sign, and says ``name`` to screen readers and under the mouse."""
    made = QPushButton(sign)
    made.setAutoDefault(False)
    made.setProperty("role", "quiet")
    words.label(made, name, made.setToolTip)
    made.clicked.connect(lambda _is_checked=False: act())
    return made


def card() -> tuple[QFrame, QVBoxLayout]:
    """A framed group and its layout."""
    frame = QFrame()
    frame.setProperty("role", "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(18, 14, 18, 14)
    layout.setSpacing(8)
    return frame, layout


def column_in(panel: QScrollArea) -> QVBoxLayout:
    """Let ``panel`` scroll a column of cards; its layout."""
    inside = QWidget()
    inside.setObjectName("inside")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(12)
    panel.setWidgetResizable(True)
    panel.setWidget(inside)
    return column


def page(words: Words, name: str) -> tuple[QScrollArea, QVBoxLayout]:
    """A page that scrolls, named ``name``, and the layout of its column."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    words.label(scroll, name)
    inside = QWidget()
    inside.setObjectName("inside")
    column = QWidget()
    column.setMaximumWidth(PAGE_WIDTH)
    # not Minimum: that would hold on to the height of the paragraphs at another width, and leave an empty end
    column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(14)
    around = QHBoxLayout(inside)
    around.setContentsMargins(24, 24, 24, 32)
    around.addStretch(1)
    around.addWidget(column, 100, Qt.AlignmentFlag.AlignTop)
    around.addStretch(1)
    scroll.setWidget(inside)
    return scroll, layout


def emptied(layout: QLayout) -> None:
    """Take everything out of ``layout`` and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (inner := item.layout()) is not None:
            emptied(inner)
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def in_tab_order(*groups: QWidget) -> None:
    """Let Tab go through the groups one after the other, and within each from the bottom of the stack of widgets up."""
    chain = [
        widget
        for group in groups
        for widget in (group, *group.findChildren(QWidget))
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is group.window()
    ]
    for one, following in pairwise(chain):
        QWidget.setTabOrder(one, following)


def restyled(widget: QWidget, role: str) -> None:
    """Give ``widget`` another role of the theme."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
