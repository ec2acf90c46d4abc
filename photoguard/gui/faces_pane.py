"""A photo before it is protected: its faces to choose from, and what it carries."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from photoguard.gui.faces_picture import FacesPicture
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.queue_model import Entry, State
from photoguard.gui.session import Session
from photoguard.gui.telling import carried_words, state_words
from photoguard.gui.theme import Colours
from photoguard.gui.widgets import TickBox, button, emptied, label, listed, restyled, said
from photoguard.gui.words import Words
from photoguard.i18n import window_sentence


class FacesPane(QWidget):
    """Shows the entry that was chosen in the list."""

    def __init__(self, session: Session, words: Words, colours: Colours) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self._entry: Entry | None = None
        self._preview: tuple[int, QImage] | None = None
        self._checks: list[TickBox] = []
        self.picture = FacesPicture(words, colours, self)
        self.picture.toggled.connect(self._toggle)
        self.picture.drawn.connect(self._add)
        self.picture.drawing_ended.connect(self._tell)
        self._state = label("plain")
        self._faces_note = label("muted")
        self._carries = QVBoxLayout()
        self._carried: list[str] | None = None
        self._heading = said(words, "carries_heading", "heading")
        self._row = FlowLayout(gap=8)
        self.add_face = button(words, "add_face", self._draw)
        self.add_face.setCheckable(True)
        self.remove_added = button(words, "remove_face", self._remove_added, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._state)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._faces_note)
        layout.addLayout(self._row)
        layout.addWidget(self._heading)
        layout.addLayout(self._carries)
        # takes the room where there is no picture to take it
        layout.addStretch(0)
        words.changed.connect(self._tell)

    def show_entry(self, entry: Entry) -> None:
        """Show ``entry``; a larger picture is asked for when it is another one."""
        is_other = self._entry is None or self._entry.ticket != entry.ticket
        self._entry = entry
        if is_other:
            self.picture.draw_face(is_wanted=False)
            self._preview = None
        if self._preview is None and entry.size is not None:
            self._session.show_preview(entry.ticket)
        self._tell()

    def show_preview(self, ticket: int, image: QImage) -> None:
        if self._entry is not None and self._entry.ticket == ticket:
            self._preview = ticket, image
            self._tell()

    def wear(self, colours: Colours) -> None:
        self.picture.wear(colours)

    def _tell(self) -> None:
        entry = self._entry
        if entry is None:
            return
        image = self._preview[1] if self._preview is not None else entry.thumbnail
        self.picture.show_entry(entry, image)
        problem = entry.problem
        self._state.setText(
            window_sentence(problem, self._words.tongue) if problem else state_words(entry, self._words)
        )
        restyled(self._state, "care" if problem else "plain")
        can_choose = problem is None and entry.state in {State.READY, State.STOPPED}
        self.picture.setVisible(image is not None)
        self._match_checks(entry)
        self._faces_note.setText(self._note(entry))
        self._faces_note.setVisible(can_choose)
        for check in self._checks:
            check.setEnabled(can_choose)
        self.add_face.setVisible(can_choose and image is not None)
        self.add_face.setChecked(self.picture.is_drawing)
        self.remove_added.setVisible(can_choose and bool(entry.added))
        things = carried_words(entry.findings, self._words)
        self._heading.setVisible(bool(things))
        if not things and entry.size is not None:
            things = [self._words.tr("carries_nothing")]
        if things != self._carried:
            self._carried = things
            emptied(self._carries)
            self._carries.addLayout(listed(things))

    def _note(self, entry: Entry) -> str:
        if self.picture.is_drawing:
            return self._words.tr("add_face_note")
        if entry.faces is None:
            return ""
        return self._words.tr("faces_note" if entry.faces or entry.added else "faces_none_note")

    def _match_checks(self, entry: Entry) -> None:
        """One box to tick per found face; the same ones stay while only their ticks change."""
        count = len(entry.faces or ())
        while len(self._checks) > count:
            check = self._checks.pop()
            self._row.removeWidget(check)
            check.deleteLater()
        while len(self._checks) < count:
            number = len(self._checks)
            check = TickBox(self)
            check.clicked.connect(lambda _on, number=number: self._toggle(number))
            self._checks.append(check)
        # ticks first, then the buttons
        for widget in (self.add_face, self.remove_added):
            self._row.removeWidget(widget)
        for number, check in enumerate(self._checks):
            name = self._words.tr("face_number", number=number + 1)
            check.setText(name)
            check.setAccessibleName(name)
            check.setChecked(number not in entry.left_out)
            if self._row.indexOf(check) < 0:
                self._row.addWidget(check)
            check.show()
        self._row.addWidget(self.add_face)
        self._row.addWidget(self.remove_added)
        # last in the stack: Tab comes to them after the faces
        self.add_face.raise_()
        self.remove_added.raise_()

    def _toggle(self, number: int) -> None:
        if self._entry is not None:
            self._session.toggle_face(self._entry.ticket, number)

    def _add(self, region: object) -> None:
        if self._entry is not None:
            self._session.add_face(self._entry.ticket, region)  # type: ignore[arg-type]

    def _remove_added(self) -> None:
        if self._entry is not None:
            self._session.remove_added_faces(self._entry.ticket)

    def _draw(self) -> None:
        self.picture.draw_face(is_wanted=not self.picture.is_drawing)
        self._tell()
