"""Whether AI editors are to be disturbed too: a switch with what can honestly be said of it, or how to make it usable."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QWidget

from photoguard.gui.widgets import TickBox, label
from photoguard.gui.words import Words


class ShieldSwitch(QWidget):
    """Off and disabled until somebody knows that a latent encoder is installed."""

    def __init__(self, words: Words, choose: Callable[[bool], object]) -> None:
        super().__init__()
        self._words = words
        self.box = TickBox()
        words.label(self.box, "shield", self.box.setText)
        self.box.toggled.connect(choose)
        self.note = label("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.box)
        row.addWidget(self.note, 1)
        self.tell(is_ready=False, is_wanted=False)

    def tell(self, *, is_ready: bool, is_wanted: bool) -> None:
        """Show what is chosen, and why or why not."""
        self.box.setEnabled(is_ready)
        with QSignalBlocker(self.box):
            self.box.setChecked(is_ready and is_wanted)
        said = self._words.tr("shield_note" if is_ready else "shield_needs")
        self.note.setText(said)
        self.box.setAccessibleDescription(said)
        self.box.setToolTip(said)
