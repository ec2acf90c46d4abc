"""Looks over a window as a strict reviewer would: nameless widgets, and words that are cut off."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

_TAG = re.compile("<[^>]*>")
_SPARE = 1
"""Pixels that rounding may cost."""


def unnamed_widgets(root: QWidget) -> list[str]:
    """Widgets that can have the focus, are visible, and have no name for a screen reader."""
    return [
        _called(widget)
        for widget in _visible(root)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and not _is_part(widget) and not spoken_name(widget)
    ]


def clipped(root: QWidget) -> list[str]:
    """Labels, buttons and boxes of choices whose words do not fit, that lie under others, or outside of the window."""
    shown = _visible(root)
    return [_called(one) for one in shown if _wants_more(one) or _is_outside(one, root) or _is_covered(one)]


def spoken_name(widget: QWidget) -> str:
    """What a screen reader calls ``widget``."""
    found: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name).strip() if found is not None and found.isValid() else ""


def _visible(root: QWidget) -> list[QWidget]:
    return [widget for widget in [root, *root.findChildren(QWidget)] if widget.isVisible()]


def _is_part(widget: QWidget) -> bool:
    """Whether it is Qt's own part of something that has a name."""
    parent = widget.parentWidget()
    return widget.objectName().startswith("qt_") or isinstance(parent, QComboBox | QAbstractSpinBox)


def _wants_more(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return widget.heightForWidth(widget.width()) - widget.height() > _SPARE or _has_long_word(widget)
        hint = widget.sizeHint()
        return hint.width() > widget.width() + _SPARE or hint.height() > widget.height() + _SPARE
    if isinstance(widget, QAbstractButton | QComboBox):
        hint = widget.minimumSizeHint() if isinstance(widget, QComboBox) else widget.sizeHint()
        return hint.width() > widget.width() + _SPARE or hint.height() > widget.height() + _SPARE
    if isinstance(widget, QLineEdit):
        return widget.sizeHint().height() > widget.height() + _SPARE
    return False


def _has_long_word(label: QLabel) -> bool:
    """Lines break between words only."""
    metrics = label.fontMetrics()
    room = label.contentsRect().width() + _SPARE
    words = _TAG.sub("", label.text()).split()
    return any(metrics.horizontalAdvance(word) > room for word in words)


def _is_outside(widget: QWidget, root: QWidget) -> bool:
    """Whether part of ``widget`` is cut off to the side (downwards one can scroll)."""
    if not isinstance(widget, QLabel | QAbstractButton | QComboBox) or _is_part(widget):
        return False
    place = QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size()) if widget is not root else root.rect()
    return place.left() < -_SPARE or place.right() > root.width() + _SPARE


def _is_covered(widget: QWidget) -> bool:
    """Whether a sibling lies over its words."""
    parent = widget.parentWidget()
    if not isinstance(widget, QLabel | QAbstractButton | QComboBox) or parent is None or _is_part(widget):
        return False
    area = widget.geometry().adjusted(_SPARE, _SPARE, -_SPARE, -_SPARE)
    beside = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return any(one is not widget and one.isVisible() and one.geometry().intersects(area) for one in beside)


def _called(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__}: {text[:60]}"
