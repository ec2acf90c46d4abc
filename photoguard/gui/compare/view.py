"""The comparing view: the canvas with its modes, zoom and faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QSlider, QVBoxLayout, QWidget

from photoguard.domain import Box
from photoguard.gui.compare.canvas import Canvas, Mode
from photoguard.gui.compare.pair import Pair
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.theme import Colours
from photoguard.gui.widgets import button, label, sign_button
from photoguard.gui.words import Words

_SLIDER_STEPS = 1000
_STEP_ZOOM = 1.25


class CompareView(QWidget):
    """Keys: 1 to 4 modes, 0 whole photo, F feed size, plus and minus, N and P faces, space bar the photo before.

    All but the space bar and the arrows work wherever the focus is, while this is seen: whoever has just chosen a photo in
    the list, or pressed a button beside it, should not have to click into the picture first.
    """

    def __init__(self, words: Words, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._faces: tuple[Box, ...] = ()
        self._face = -1
        self.canvas = Canvas(words, colours, self)
        self._note = label("muted")
        self._zoom_note = label("muted", wraps=False)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setValue(_SLIDER_STEPS // 2)
        self.slider.setPageStep(_SLIDER_STEPS // 10)
        self.slider.setSingleStep(_SLIDER_STEPS // 50)
        words.label(self.slider, "split_slider")
        self.slider.valueChanged.connect(lambda value: self.canvas.set_split(value / _SLIDER_STEPS))
        self.canvas.split_moved.connect(self._follow_line)
        self.canvas.zoomed.connect(self._tell)
        words.changed.connect(self._tell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._mode_row())
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.slider)
        layout.addLayout(self._zoom_row())
        layout.addWidget(self._note)
        self._add_keys()
        self.set_mode(Mode.SPLIT)

    def show_pair(self, pair: Pair | None, faces: Sequence[Box] = ()) -> None:
        """Compare these; ``faces`` in pixels of the pair."""
        self._faces = tuple(faces)
        self._face = -1
        self.canvas.show_pair(pair)
        for turn in self._turns:
            turn.setVisible(bool(faces))
        self._tell()

    def wear(self, colours: Colours) -> None:
        self.canvas.wear(colours)

    def set_mode(self, mode: Mode) -> None:
        self.canvas.set_mode(mode)
        self._modes[mode].setChecked(True)
        self.slider.setVisible(mode is Mode.SPLIT)
        self._tell()

    def turn_face(self, step: int) -> None:
        """Look at the next face, or the one before."""
        if self._faces:
            self._face = (self._face + step) % len(self._faces) if self._face >= 0 else 0
            box = self._faces[self._face]
            self.canvas.look_at((box.x, box.y, box.width, box.height))
            self._tell()

    def _mode_row(self) -> FlowLayout:
        row = FlowLayout(gap=4)
        group = QButtonGroup(self)
        self._modes = {}
        for mode in Mode:
            choice = button(self._words, f"mode_{mode}", partial(self._choose_mode, mode), "quiet")
            choice.setCheckable(True)
            # clicked it leaves the focus where it is; a focused button would take the space bar for itself
            choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(choice)
            row.addWidget(choice)
            self._modes[mode] = choice
        return row

    def _zoom_row(self) -> FlowLayout:
        row = FlowLayout(gap=4)
        for name, act in (
            ("zoom_fit", self._fit),
            ("zoom_feed", self.canvas.feed),
            ("zoom_full", partial(self.canvas.set_zoom, 1.0)),
        ):
            row.addWidget(button(self._words, name, act, "quiet"))
        for sign, name, factor in (("−", "zoom_out", 1 / _STEP_ZOOM), ("+", "zoom_in", _STEP_ZOOM)):
            row.addWidget(sign_button(self._words, sign, name, partial(self.canvas.zoom_by, factor)))
        self._turns = [
            button(self._words, name, partial(self.turn_face, step), "quiet")
            for name, step in (("previous_face", -1), ("next_face", 1))
        ]
        for turn in self._turns:
            row.addWidget(turn)
        row.addWidget(self._zoom_note)
        return row

    def _add_keys(self) -> None:
        acts: list[tuple[str, Callable[[], object]]] = [
            (str(number), partial(self._choose_mode, mode)) for number, mode in enumerate(Mode, start=1)
        ]
        acts += [
            ("0", self._fit),
            ("F", self.canvas.feed),
            ("N", partial(self.turn_face, 1)),
            ("P", partial(self.turn_face, -1)),
            ("+", partial(self.canvas.zoom_by, _STEP_ZOOM)),
            ("=", partial(self.canvas.zoom_by, _STEP_ZOOM)),
            ("-", partial(self.canvas.zoom_by, 1 / _STEP_ZOOM)),
        ]
        for key, act in acts:
            # of the window, but Qt asks a shortcut's own widget whether it can be seen
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def _choose_mode(self, mode: Mode) -> None:
        """As the user wishes; where the space bar does something, it gets to do so."""
        self.set_mode(mode)
        if mode is Mode.FLICKER and not self._modes[mode].hasFocus():
            self.canvas.setFocus()

    def _fit(self) -> None:
        self._face = -1
        self.canvas.fit()

    def _follow_line(self, share: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * _SLIDER_STEPS))

    def _tell(self) -> None:
        """Say what is seen."""
        notes = [self._words.tr(f"mode_{self.canvas.mode}_note")]
        pair = self.canvas.pair
        if pair is not None and pair.is_reduced:
            notes.append(self._words.tr("compare_reduced", width=pair.size[0], height=pair.size[1]))
        self._note.setText(" ".join(notes))
        zoom = self._words.tr("zoom_now", percent=round(100 * self.canvas.viewport.zoom)) if pair is not None else ""
        if self._face >= 0:
            zoom += " · " + self._words.tr("face_of", number=self._face + 1, count=len(self._faces))
        self._zoom_note.setText(zoom)
