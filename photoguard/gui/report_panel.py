"""What was measured on the copy, in words that match the numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea

from photoguard.domain import FaceReport, Judgement, Outcome, OutcomeKind, Strength
from photoguard.gui.details import details
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.queue_model import Entry
from photoguard.gui.telling import carried_words, notes_words
from photoguard.gui.widgets import button, card, column_in, emptied, label, listed
from photoguard.gui.words import Words
from photoguard.i18n import check_words, verdict_words, whose_words, window_sentence

_MOST_FACES = 12
"""Crowds are summed up beyond this."""
_ORDER = tuple(Strength)


class ReportPanel(QScrollArea):
    """Renewed with every entry that is shown."""

    def __init__(
        self,
        words: Words,
        show_in_folder: Callable[[Entry], object],
        protect_again: Callable[[Entry, Strength], object],
    ) -> None:
        super().__init__()
        self._words = words
        self._show_in_folder = show_in_folder
        self._protect_again = protect_again
        self._entry: Entry | None = None
        words.label(self, "report_heading")
        self._column = column_in(self)
        words.changed.connect(self._tell)

    def show_entry(self, entry: Entry) -> None:
        if self._entry is entry:
            return
        self._entry = entry
        self._tell()

    def _tell(self) -> None:
        entry = self._entry
        emptied(self._column)
        if entry is None or entry.outcome is None:
            return
        outcome = entry.outcome
        for made in (
            self._problem_card(entry, outcome),
            self._faces_card(entry, outcome),
            self._removed_card(outcome),
            self._saved_card(entry, outcome),
        ):
            if made is not None:
                self._column.addWidget(made)
        self._column.addStretch(1)

    def _problem_card(self, entry: Entry, outcome: Outcome) -> QFrame | None:
        if outcome.kind not in {OutcomeKind.REFUSED, OutcomeKind.FAILED, OutcomeKind.SKIPPED}:
            return None
        frame, layout = card()
        if outcome.kind is OutcomeKind.SKIPPED and outcome.output is not None:
            layout.addWidget(self._text(self._words.tr("skipped_note")))
            return frame
        if outcome.problem is not None:
            layout.addWidget(self._text(window_sentence(outcome.problem, self._words.tongue)))
        copy = button(self._words, "copy_details", lambda: None)

        def take() -> None:
            QApplication.clipboard().setText(details(entry))
            copy.setText(self._words.tr("copied"))

        copy.clicked.connect(take)
        row = FlowLayout()
        row.addWidget(copy)
        layout.addLayout(row)
        layout.addWidget(self._text(self._words.tr("details_note"), "muted"))
        return frame

    def _faces_card(self, entry: Entry, outcome: Outcome) -> QFrame | None:
        if outcome.ended is not OutcomeKind.PROTECTED:
            return None
        frame, layout = card()
        layout.addWidget(self._text(self._words.tr("report_heading"), "heading"))
        for number, face in enumerate(outcome.faces[:_MOST_FACES], start=1):
            for text, role in self._face_lines(number, face):
                layout.addWidget(self._text(text, role))
        left_alone = len(entry.left_out)
        if left_alone:
            layout.addWidget(self._text(self._words.tr("faces_left_alone", count=left_alone)))
        for text in self._honest_words(outcome.judgement):
            layout.addWidget(self._text(text, "muted"))
        return frame

    def _honest_words(self, judgement: Judgement | None) -> list[str]:
        """Who looked, what the number means, and what it cannot tell."""
        tongue = self._words.tongue
        if judgement is None:
            return [check_words("limits", tongue)]
        scale = [] if judgement.likeness is None else [check_words("scale", tongue)]
        margin = [check_words("margin", tongue)] if judgement.judges else []
        return [whose_words(judgement, tongue), *scale, *margin, check_words("limits", tongue)]

    def _face_lines(self, number: int, face: FaceReport) -> list[tuple[str, str]]:
        if face.problem is not None:
            said = window_sentence(face.problem, self._words.tongue)
            return [(self._words.tr("face_line", number=number, verdict=said), "strong")]
        lines = []
        if face.judgement is not None:
            said = verdict_words(face.judgement, self._words.tongue)
            lines.append((self._words.tr("face_line", number=number, verdict=said), "strong"))
        if "ssimulacra2" in face.visibility:
            lines.append((self._words.tr("face_quality", quality=round(face.visibility["ssimulacra2"])), ""))
        if face.persona:
            lines.append((self._words.tr("face_persona", persona=face.persona), ""))
        return lines

    def _removed_card(self, outcome: Outcome) -> QFrame | None:
        if outcome.output is None:
            return None
        frame, layout = card()
        layout.addWidget(self._text(self._words.tr("removed_heading"), "heading"))
        things = carried_words(outcome.findings, self._words)
        if things:
            layout.addLayout(listed(things))
        else:
            layout.addWidget(self._text(self._words.tr("carried_nothing")))
        if notes := notes_words(outcome, self._words):
            layout.addWidget(self._text(self._words.tr("changed_heading"), "heading"))
            layout.addLayout(listed(notes))
        return frame

    def _saved_card(self, entry: Entry, outcome: Outcome) -> QFrame | None:
        frame, layout = card()
        row = FlowLayout()
        if outcome.output is not None:
            layout.addWidget(self._text(self._words.tr("saved_heading"), "heading"))
            layout.addWidget(self._text(f"{outcome.output.parent.name}/{outcome.output.name}"))
            row.addWidget(button(self._words, "show_in_folder", lambda: self._show_in_folder(entry)))
        if outcome.ended in {OutcomeKind.PROTECTED, OutcomeKind.FAILED}:
            place = _ORDER.index(entry.options.strength) if entry.options is not None else 1
            for name, number in (("again_gentler", place - 1), ("again_stronger", place + 1)):
                if 0 <= number < len(_ORDER):
                    strength = _ORDER[number]
                    row.addWidget(button(self._words, name, partial(self._protect_again, entry, strength)))
        layout.addLayout(row)
        return frame if row.count() else None

    def _text(self, text: str, role: str = "") -> QLabel:
        made = label(role)
        made.setText(text)
        return made
