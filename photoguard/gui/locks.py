"""Controls that an administrator fixed: visible, not to be changed, and saying why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from photoguard.gui.words import Words


def lock(widget: QWidget, words: Words, reason: str = "locked") -> None:
    """Switch ``widget`` off for good and give the reason under the mouse and to screen readers."""
    widget.setEnabled(False)
    words.bind(widget, widget.setToolTip, reason)
    words.bind(widget, widget.setAccessibleDescription, reason)
