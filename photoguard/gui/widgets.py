"""Labels, buttons, cards and pages in the window's style; their words follow the language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

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


def page(words: Words, name: str) -> tuple[QScrollArea, QVBoxLayout]:
    """A page that scrolls, named ``name``, and the layout of its column."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    words.label(scroll, name)
    inside = QWidget()
    inside.setObjectName("inside")
    around = QVBoxLayout(inside)
    around.setContentsMargins(24, 20, 24, 28)
    column = QWidget()
    column.setMaximumWidth(PAGE_WIDTH)
    column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    around.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
    around.addStretch(1)
    scroll.setWidget(inside)
    return scroll, layout


def emptied(layout: QVBoxLayout) -> None:
    """Take everything out of ``layout`` and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def restyled(widget: QWidget, role: str) -> None:
    """Give ``widget`` another role of the theme."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
