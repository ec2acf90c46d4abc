"""What is asked for, and the one button: strength, platform, shield, estimate, Protect."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from photoguard.domain import Platform, Strength
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.locks import lock
from photoguard.gui.preferences import Preferences
from photoguard.gui.session import Session
from photoguard.gui.shield_switch import ShieldSwitch
from photoguard.gui.telling import run_words, time_words
from photoguard.gui.widgets import ChoiceBox, button, label, said
from photoguard.gui.words import Words


class StartBar(QWidget):
    """Shown while nothing runs."""

    def __init__(self, session: Session, words: Words, preferences: Preferences) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self._preferences = preferences
        self._strengths: dict[Strength, QPushButton] = {}
        self.platform = ChoiceBox()
        self.persona = QLineEdit()
        self.shield = ShieldSwitch(words, lambda is_wanted: self._choose(shield_edits=is_wanted))
        self._note = label("muted")
        self._estimate = label("muted")
        self.protect = QPushButton()
        self.protect.setProperty("role", "main")
        self.protect.setAutoDefault(False)
        self.protect.clicked.connect(session.protect)
        choices = FlowLayout(gap=18)
        choices.addWidget(self._strength_group())
        choices.addWidget(self._platform_group())
        choices.addWidget(self._persona_group())
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._note)
        texts.addWidget(self._estimate)
        go = QHBoxLayout()
        go.setSpacing(16)
        go.addLayout(texts, 1)
        go.addWidget(self.protect)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(choices)
        layout.addWidget(self.shield)
        layout.addLayout(go)
        session.changed.connect(self.tell)
        session.models.listed.connect(self.tell)
        words.changed.connect(self.tell)
        preferences.changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """Say what a press of the button would do."""
        if self._session.run.is_running:
            return
        settings = self._session.settings
        self._strengths[settings.strength].setChecked(True)
        for number, platform in enumerate(Platform):
            text = self._words.tr(f"platform_{platform}")
            if self.platform.itemText(number) != text:
                self.platform.setItemText(number, text)
        with QSignalBlocker(self.platform):
            self.platform.setCurrentIndex(list(Platform).index(settings.platform))
        self.shield.tell(is_ready=self._session.models.can_shield, is_wanted=settings.shield_edits)
        waiting = self._session.open_entries()
        self._note.setText(" ".join(self._notes(len(waiting))))
        self._note.setVisible(bool(waiting))
        # with nothing to protect, room for looking at what was done is worth more than a switch that cannot be used
        self.shield.setVisible(bool(waiting) or self._session.models.can_shield)
        self.protect.setEnabled(bool(waiting))
        name = self._words.tr("protect_count", count=len(waiting)) if waiting else self._words.tr("protect")
        self.protect.setText(name)
        self.protect.setAccessibleName(name)
        self._estimate.setText(self._estimate_words(len(waiting)))

    def _notes(self, waiting: int) -> list[str]:
        """What the strength means, and who will be taken for whom."""
        settings = self._session.settings
        notes = [self._words.tr(f"{settings.strength}_note")]
        if not settings.persona:
            notes.append(self._words.tr("persona_each"))
        else:
            notes.append(self._words.tr("persona_all", count=waiting, persona=settings.persona))
        return notes

    def _estimate_words(self, waiting: int) -> str:
        if not waiting:
            finished = [entry for entry in self._session.queue if entry.outcome is not None]
            return run_words(finished, self._words)
        is_shielding = self._session.possible.shield_edits
        seconds = self._session.run.pace.seconds_for(self._session.open_entries(), is_shielding=is_shielding)
        if seconds is None:
            return self._words.tr("estimate_unknown")
        return self._words.tr("estimate", time=time_words(seconds, self._words).capitalize())

    def _strength_group(self) -> QWidget:
        group = QWidget()
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(_beside(self._words, "strength"))
        one = QButtonGroup(self)
        for strength in Strength:
            choice = button(self._words, strength.value, partial(self._choose, strength=strength))
            choice.setCheckable(True)
            one.addButton(choice)
            row.addWidget(choice)
            self._strengths[strength] = choice
            if self._preferences.rules.strength(strength) is not strength:
                lock(choice, self._words)
        return group

    def _platform_group(self) -> QWidget:
        group = _with_label(self._words, "platform", self.platform)
        for platform in Platform:
            self.platform.addItem(self._words.tr(f"platform_{platform}"), platform)
        self._words.label(self.platform, "platform")
        self.platform.activated.connect(lambda number: self._choose(platform=list(Platform)[number]))
        if "platform" in self._preferences.rules.locked:
            lock(self.platform, self._words)
        return group

    def _persona_group(self) -> QWidget:
        group = _with_label(self._words, "persona", self.persona)
        self.persona.setMaxLength(40)
        self.persona.textEdited.connect(lambda text: self._choose(persona=text.strip()))
        self._words.label(self.persona, "persona")
        self._words.bind(self.persona, self.persona.setPlaceholderText, "persona_own")
        self._words.bind(self.persona, self.persona.setToolTip, "persona_note")
        return group

    def _choose(self, **choice: object) -> None:
        """Platform and shield are remembered; the strength counts until the window closes."""
        self._session.choose(**choice)
        if "strength" not in choice:
            self._preferences.change(**choice)
        self.tell()


def _with_label(words: Words, name: str, field: QWidget) -> QWidget:
    """``field`` behind its label, which leads to it."""
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    beside = _beside(words, name)
    beside.setBuddy(field)
    row.addWidget(beside)
    row.addWidget(field)
    return group


def _beside(words: Words, name: str) -> QLabel:
    made = said(words, name)
    made.setWordWrap(False)
    return made
