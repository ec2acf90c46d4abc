"""A photo after its turn: the verdict, the comparison, the report, what editors see."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from photoguard.domain import Box, Strength
from photoguard.errors import Problem
from photoguard.gui.compare import CompareView
from photoguard.gui.compare.pair import pair_of
from photoguard.gui.editors_panel import EditorsPanel
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.queue_model import Entry
from photoguard.gui.report_panel import ReportPanel
from photoguard.gui.session import Session
from photoguard.gui.telling import result_words
from photoguard.gui.theme import Colours
from photoguard.gui.widgets import button, label, restyled
from photoguard.gui.words import Words
from photoguard.i18n import whose_words
from photoguard.worker.messages import EditorView, PairShown


class ResultPane(QWidget):
    """Shows the entry that was chosen in the list, once it has an outcome."""

    def __init__(
        self, session: Session, words: Words, colours: Colours, show_in_folder: Callable[[Entry], object]
    ) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self._entry: Entry | None = None
        self._shown: tuple[int, object] | None = None
        self._verdict = label("plain")
        self._caution = label("muted")
        self.compare = CompareView(words, colours)
        self.report = ReportPanel(words, show_in_folder, self._protect_again)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.compare)
        self.editors = EditorsPanel(words)
        self._stack.addWidget(self.report)
        self._stack.addWidget(self.editors)
        self._tabs = FlowLayout(gap=4)
        group = QButtonGroup(self)
        self.tab_compare = button(words, "tab_compare", lambda: self.show_tab(is_report=False))
        self.tab_report = button(words, "tab_report", lambda: self.show_tab(is_report=True))
        self.tab_editors = button(words, "editors_heading", self.show_editors)
        for tab in (self.tab_compare, self.tab_report, self.tab_editors):
            tab.setCheckable(True)
            group.addButton(tab)
            self._tabs.addWidget(tab)
        self.folder = button(words, "show_in_folder", self._open_folder, "quiet")
        self._tabs.addWidget(self.folder)
        self._show_in_folder = show_in_folder
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._verdict)
        layout.addWidget(self._caution)
        layout.addLayout(self._tabs)
        layout.addWidget(self._stack, 1)
        words.changed.connect(self._tell)
        session.pair_shown.connect(self._take_pair)
        session.pair_failed.connect(self._miss_pair)
        session.editor_views_shown.connect(self._take_views)
        self.show_tab(is_report=False)

    def show_entry(self, entry: Entry) -> None:
        """Show ``entry``; both pictures are asked for when its copy is another one."""
        assert entry.outcome is not None
        self._entry = entry
        key = entry.ticket, entry.outcome
        if self._shown is None or self._shown[0] != key[0] or self._shown[1] is not key[1]:
            self._shown = key
            has_copy = entry.outcome.output is not None
            self.compare.show_pair(None)
            self.tab_compare.setVisible(has_copy)
            self.tab_editors.setVisible(has_copy and bool(entry.outcome.shield))
            self.editors.show_entry(entry)
            self.tab_report.setVisible(has_copy)
            self.folder.setVisible(has_copy)
            if has_copy:
                self._session.show_pair(entry)
            was_seen = self._stack.currentWidget()
            if was_seen is self.editors and not self.tab_editors.isHidden():
                self.show_editors()
            else:
                self.show_tab(is_report=not has_copy or was_seen is self.report)
        self.report.show_entry(entry)
        self._tell()

    def forget(self) -> None:
        """Let the pictures go: they are large."""
        self._shown = None
        self.compare.show_pair(None)

    def show_editors(self) -> None:
        """Show what editors see; the pictures are asked for when somebody looks."""
        self._stack.setCurrentWidget(self.editors)
        self.tab_editors.setChecked(True)
        if self._entry is not None and not self.editors.is_complete:
            self._session.show_editor_views(self._entry)

    def show_tab(self, *, is_report: bool) -> None:
        self._stack.setCurrentWidget(self.report if is_report else self.compare)
        (self.tab_report if is_report else self.tab_compare).setChecked(True)

    def wear(self, colours: Colours) -> None:
        self.compare.wear(colours)

    def _tell(self) -> None:
        if self._entry is not None:
            text, role = result_words(self._entry, self._words)
            self._verdict.setText(text)
            restyled(self._verdict, role)
            judgement = None if self._entry.outcome is None else self._entry.outcome.judgement
            self._caution.setVisible(judgement is not None)
            self._caution.setText("" if judgement is None else whose_words(judgement, self._words.tongue))

    def _take_pair(self, shown: PairShown) -> None:
        if self._entry is None or self._entry.outcome is None:
            return
        zoom = shown.before.width / max(1, shown.full_size[0])
        boxes = [face.box for face in self._entry.outcome.faces]
        faces = [Box(box.x * zoom, box.y * zoom, box.width * zoom, box.height * zoom) for box in boxes]
        self.compare.show_pair(pair_of(shown), faces)

    def _take_views(self, views: tuple[EditorView, ...] | None) -> None:
        self.editors.show_views(views)

    def _miss_pair(self, _problem: Problem) -> None:
        """One of the two files is gone, or cannot be read any more."""
        self.show_tab(is_report=True)
        self.tab_compare.setVisible(False)
        self._caution.setText(self._words.tr("pair_failed"))
        self._caution.setVisible(True)

    def _protect_again(self, entry: Entry, strength: Strength) -> None:
        self._session.protect_again(entry.ticket, strength)

    def _open_folder(self) -> None:
        if self._entry is not None:
            self._show_in_folder(self._entry)
