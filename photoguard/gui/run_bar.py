"""How far the run is, with Pause and Stop."""

from __future__ import annotations

import time

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from photoguard.gui.session import Session
from photoguard.gui.telling import run_words, time_words
from photoguard.gui.widgets import button, label
from photoguard.gui.words import Words
from photoguard.i18n import stage_words

_FINE = 1000
_TOLD_EVERY_S = 15.0
"""Screen readers hear of the progress at most this often."""


class RunBar(QWidget):
    """Shown while the engine works."""

    def __init__(self, session: Session, words: Words) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self._told_at = 0.0
        self._was_running = False
        self._is_stopping = False
        self._text = label("")
        self._bar = QProgressBar()
        self._bar.setRange(0, _FINE)
        self._bar.setTextVisible(False)
        words.label(self._bar, "run_progress")
        self.pause = QPushButton()
        self.pause.setAutoDefault(False)
        self.pause.clicked.connect(lambda: session.run.pause(is_wanted=not session.run.is_paused))
        self.stop = button(words, "stop", self._stop)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._text, 1)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        session.changed.connect(self.tell)
        words.changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        session = self._session
        if not session.run.is_running:
            if self._was_running:
                self._announce(run_words([entry for entry in session.queue if entry.outcome is not None], self._words))
            self._was_running = self._is_stopping = False
            return
        self._was_running = True
        pause = self._words.tr("go_on" if session.run.is_paused else "pause")
        self.pause.setText(pause)
        self.pause.setAccessibleName(pause)
        self.stop.setEnabled(not self._is_stopping)
        self.pause.setEnabled(not self._is_stopping)
        self._bar.setValue(round(_FINE * session.run.share))
        self._text.setText(" · ".join(self._parts()))
        if time.monotonic() - self._told_at > _TOLD_EVERY_S:
            self._announce(self._text.text())

    def _parts(self) -> list[str]:
        done, count = self._session.run.position
        parts = [self._words.tr("run_position", number=min(done + 1, count), count=count)]
        met = self._session.run.met
        if met is not None:
            parts = [self._words.tr("run_meeting", number=min(met[0] + 1, met[1]), count=met[1])]
        if self._is_stopping:
            return [*parts, self._words.tr("run_stopping")]
        if self._session.run.is_paused:
            return [*parts, self._words.tr("run_paused")]
        current = self._session.run.current
        if current is not None and current.progress is not None and met is None:
            parts.append(stage_words(current.progress.stage, self._words.tongue))
        seconds = self._session.run.seconds_left
        if seconds is not None:
            parts.append(self._words.tr("time_left", time=time_words(seconds, self._words)))
        return parts

    def _stop(self) -> None:
        self._is_stopping = True
        self._session.run.cancel()
        self.tell()

    def _announce(self, text: str) -> None:
        """Let a screen reader speak."""
        self._told_at = time.monotonic()
        if QAccessible.isActive() and text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
