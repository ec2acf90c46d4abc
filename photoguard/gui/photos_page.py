"""The page of photos: the list, the chosen photo, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from photoguard.gui.drop_area import DropArea
from photoguard.gui.faces_pane import FacesPane
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.passed_over import PassedOver
from photoguard.gui.preferences import Preferences
from photoguard.gui.queue_model import ENTRY_ROLE, Entry
from photoguard.gui.queue_view import QueueView
from photoguard.gui.result_pane import ResultPane
from photoguard.gui.run_bar import RunBar
from photoguard.gui.session import Session
from photoguard.gui.start_bar import StartBar
from photoguard.gui.tall_scroll import TallScroll
from photoguard.gui.theme import Colours
from photoguard.gui.widgets import button, in_tab_order, said
from photoguard.gui.words import Words


class PhotosPage(QWidget):
    """Empty it is a place to drop photos; then a list with the chosen photo beside it."""

    def __init__(
        self,
        session: Session,
        words: Words,
        colours: Colours,
        preferences: Preferences,
        acts: dict[str, Callable[[], object]],
        show_in_folder: Callable[[Entry], object],
    ) -> None:
        super().__init__()
        self._session = session
        self.drop_area = DropArea(words, colours, acts["open_photos"], acts["open_folder"])
        self.queue = QueueView(session.queue, words, colours)
        self.passed_over = PassedOver(session, words)
        self.faces = FacesPane(session, words, colours)
        self.result = ResultPane(session, words, colours, show_in_folder)
        self.start_bar = StartBar(session, words, preferences)
        self.run_bar = RunBar(session, words)
        self._nothing = said(words, "detail_none", "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._detail = QStackedWidget()
        self._faces_place, self._result_place = TallScroll(self.faces), TallScroll(self.result)
        for place in (self._nothing, self._faces_place, self._result_place, self.passed_over):
            self._detail.addWidget(place)
        self._bars = _Bars(self.start_bar, self.run_bar)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.drop_area)
        self._stack.addWidget(self._workbench(words, acts))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.queue.chosen.connect(self._turn_to)
        self.queue.clicked.connect(lambda _index: self._turn_to(self.chosen))
        self.passed_over.button.toggled.connect(lambda _is_on: self._choose(self.chosen))
        self.queue.removed.connect(session.remove)
        self.queue.opened.connect(lambda _ticket: self.result.compare.canvas.setFocus())
        session.queue.rowsInserted.connect(self._fill)
        session.queue.rowsRemoved.connect(self._fill)
        session.queue.dataChanged.connect(self._renew)
        session.preview_shown.connect(self.faces.show_preview)
        session.changed.connect(self._follow_run)
        self._follow_run()
        self._fill()
        self._order()

    def wear(self, colours: Colours) -> None:
        self.drop_area.wear(colours)
        self.queue.wear(colours)
        self.faces.wear(colours)
        self.result.wear(colours)

    @property
    def chosen(self) -> Entry | None:
        index = self.queue.currentIndex()
        return index.data(ENTRY_ROLE) if index.isValid() else None

    def _workbench(self, words: Words, acts: dict[str, Callable[[], object]]) -> QWidget:
        self._left = left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.queue, 1)
        row = FlowLayout(gap=6)
        row.addWidget(button(words, "add_photos", acts["open_photos"]))
        row.addWidget(button(words, "add_folder", acts["open_folder"]))
        self.remove = button(words, "remove", self._remove_chosen, "quiet")
        row.addWidget(self.remove)
        row.addWidget(self.passed_over.button)
        column.addLayout(row)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(14)
        splitter.addWidget(left)
        splitter.addWidget(self._detail)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 720])
        bar = QFrame()
        bar.setProperty("role", "bar")
        inside = QHBoxLayout(bar)
        inside.setContentsMargins(18, 12, 18, 14)
        inside.addWidget(self._bars)
        bench = QWidget()
        layout = QVBoxLayout(bench)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        padded = QVBoxLayout()
        padded.setContentsMargins(18, 14, 18, 12)
        padded.addWidget(splitter)
        layout.addLayout(padded, 1)
        layout.addWidget(bar)
        return bench

    def _fill(self) -> None:
        """Leave or take the empty page; something is always chosen."""
        has_photos = len(self._session.queue) > 0
        self._stack.setCurrentIndex(1 if has_photos else 0)
        self.setFocusProxy(self.queue if has_photos else self.drop_area.open_photos)
        if has_photos and not self.queue.selectionModel().hasSelection():
            # after the view itself has heard of the rows
            QTimer.singleShot(0, self, self._choose_first)
        elif not has_photos:
            self.result.forget()

    def _choose_first(self) -> None:
        if len(self._session.queue) and not self.queue.selectionModel().hasSelection():
            self.queue.setCurrentIndex(self._session.queue.index(0))

    def _turn_to(self, entry: Entry | None) -> None:
        """A photo was pointed at in the list."""
        self.passed_over.button.setChecked(False)
        self._choose(entry)

    def _choose(self, entry: Entry | None) -> None:
        self.remove.setEnabled(entry is not None)
        if self.passed_over.button.isChecked():
            self._detail.setCurrentWidget(self.passed_over)
        elif entry is None:
            self._detail.setCurrentWidget(self._nothing)
        elif entry.outcome is not None:
            self.result.show_entry(entry)
            self._detail.setCurrentWidget(self._result_place)
        else:
            self.result.forget()
            self.faces.show_entry(entry)
            self._detail.setCurrentWidget(self._faces_place)
        self._order()

    def _order(self) -> None:
        """From left to right, then down to the bar."""
        in_tab_order(self.drop_area, self._left, self.faces, self.result, self._bars)

    def _renew(self, first: QModelIndex, last: QModelIndex) -> None:
        row = self.queue.currentIndex().row()
        if first.row() <= row <= last.row():
            self._choose(self.chosen)

    def _remove_chosen(self) -> None:
        if (entry := self.chosen) is not None:
            self._session.remove(entry.ticket)

    def _follow_run(self) -> None:
        self._bars.show_run(is_running=self._session.run.is_running)
        if not self._session.run.is_running:
            self.start_bar.tell()


class _Bars(QWidget):
    """Start and run bar in one place, each as high as it needs; the focus goes along."""

    def __init__(self, start: StartBar, run: RunBar) -> None:
        super().__init__()
        self._start, self._run = start, run
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(start)
        layout.addWidget(run)
        run.hide()

    def show_run(self, *, is_running: bool) -> None:
        if self._run.isHidden() is not is_running:
            return
        focused = self.focusWidget()
        had_focus = focused is not None and focused.hasFocus()
        self._start.setVisible(not is_running)
        self._run.setVisible(is_running)
        if had_focus:
            (self._run.pause if is_running else self._start.protect).setFocus()
