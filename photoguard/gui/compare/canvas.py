"""Draws before and after from one point of view, in four ways."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from photoguard.gui.compare.pair import Pair
from photoguard.gui.compare.viewport import Rect, Viewport, feed_zoom
from photoguard.gui.theme import Colours
from photoguard.gui.words import Words

_GRIP = 22
_STEP_PX = 60
_STEP_ZOOM = 1.25
_GAP = 3
_CHIP = QColor(0, 0, 0, 170)


class Mode(StrEnum):
    SPLIT = "split"
    SIDE = "side"
    FLICKER = "flicker"
    DIFFERENCE = "difference"


class Canvas(QWidget):
    """Mouse: drag moves, the wheel zooms. Keys: arrows, plus, minus; the space bar shows the photo before."""

    split_moved = Signal(float)
    zoomed = Signal()

    def __init__(self, words: Words, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._colours = colours
        self._pair: Pair | None = None
        self._viewport = Viewport(1.0, (0.0, 0.0))
        self._is_fitted = True
        self._mode = Mode.SPLIT
        self._split = 0.5
        self._is_before_held = False
        self._grabbed: QPointF | None = None
        self._is_line_grabbed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(200, 200))
        words.label(self, "compare_picture")
        words.changed.connect(self.update)

    def show_pair(self, pair: Pair | None) -> None:
        """Show these, all of them; None: nothing yet."""
        self._pair = pair
        self._is_before_held = False
        self.fit()

    def wear(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    @property
    def pair(self) -> Pair | None:
        return self._pair

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def viewport(self) -> Viewport:
        """The one point of view of both pictures."""
        return self._viewport

    @property
    def is_before_held(self) -> bool:
        return self._is_before_held

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        if self._is_fitted:
            self.fit()
        elif self._pair is not None:
            self._look(self._viewport.kept(self._pair.size, self._room()))
        self.update()

    def set_split(self, share: float) -> None:
        """Put the line at this share (0..1) of the view's width."""
        self._split = min(1.0, max(0.0, share))
        self.update()

    def fit(self) -> None:
        """All of the photo."""
        if self._pair is not None:
            self._look(Viewport.fitted(self._pair.size, self._room()), is_fitted=True)
        self.update()

    def feed(self) -> None:
        """As large as in a feed."""
        if self._pair is not None:
            self.set_zoom(feed_zoom(self._pair.size))

    def set_zoom(self, zoom: float) -> None:
        """So many screen pixels per photo pixel; 1 is 100 %."""
        if self._pair is not None:
            self._look(self._viewport.sized(zoom, self._pair.size, self._room()))

    def zoom_by(self, factor: float) -> None:
        self.set_zoom(self._viewport.zoom * factor)

    def look_at(self, box: Rect) -> None:
        """Fill the view with ``box`` (pixels of the pair)."""
        if self._pair is not None:
            self._look(self._viewport.on(box, self._pair.size, self._room()))

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        if self._pair is not None:
            if self._is_fitted:
                self.fit()
            else:
                self._look(self._viewport.kept(self._pair.size, self._room()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if self._pair is not None and event.angleDelta().y():
            factor = _STEP_ZOOM ** (event.angleDelta().y() / 120)
            at = self._in_area(event.position())
            self._look(self._viewport.zoomed(factor, at, self._pair.size, self._room()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is not Qt.MouseButton.LeftButton or self._pair is None:
            return
        self._grabbed = event.position()
        near = abs(event.position().x() - self._split * self.width()) < _GRIP
        self._is_line_grabbed = self._mode is Mode.SPLIT and (near or self._is_fitted)
        if self._is_line_grabbed:
            self._drag_line(event.position())
        if self._mode is Mode.FLICKER:
            self._hold_before(is_held=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._grabbed is None or self._pair is None:
            return
        if self._is_line_grabbed:
            self._drag_line(event.position())
            return
        ratio = self.devicePixelRatioF()
        moved = (event.position() - self._grabbed) * ratio
        self._grabbed = event.position()
        self._look(self._viewport.moved(moved.x(), moved.y(), self._pair.size, self._room()), is_fitted=self._is_fitted)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._grabbed = None
        self._hold_before(is_held=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Left: (_STEP_PX, 0),
            Qt.Key.Key_Right: (-_STEP_PX, 0),
            Qt.Key.Key_Up: (0, _STEP_PX),
            Qt.Key.Key_Down: (0, -_STEP_PX),
        }
        if key is Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold_before(is_held=True)
        elif key in moves and self._pair is not None:
            self._look(self._viewport.moved(*moves[key], self._pair.size, self._room()), is_fitted=self._is_fitted)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_by(_STEP_ZOOM)
        elif key is Qt.Key.Key_Minus:
            self.zoom_by(1 / _STEP_ZOOM)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_before(is_held=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        self._hold_before(is_held=False)
        super().focusOutEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self.update()

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colours.raised))
        if self._pair is None:
            painter.setPen(QColor(self._colours.muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._words.tr("compare_loading"))
        elif self._is_before_held:
            self._draw(painter, self.rect(), is_after=False)
            self._chip(painter, self.rect(), "before", at_right=False)
        elif self._mode is Mode.SIDE:
            for area, is_after in zip(self._halves(), (False, True), strict=True):
                self._draw(painter, area, is_after=is_after)
                self._chip(painter, area, "after" if is_after else "before", at_right=False)
        elif self._mode is Mode.DIFFERENCE:
            self._draw_difference(painter)
            self._chip(painter, self.rect(), "difference", at_right=False)
        elif self._mode is Mode.FLICKER:
            self._draw(painter, self.rect(), is_after=True)
            self._chip(painter, self.rect(), "after", at_right=False)
        else:
            self._draw_split(painter)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(QPen(QColor(self._colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_split(self, painter: QPainter) -> None:
        line = round(self._split * self.width())
        before, after = QRect(0, 0, line, self.height()), QRect(line, 0, self.width() - line, self.height())
        for area, is_after in ((before, False), (after, True)):
            if area.width() > 0:
                painter.setClipRect(area)
                self._draw(painter, self.rect(), is_after=is_after)
                self._chip(painter, self.rect(), "after" if is_after else "before", at_right=is_after)
        painter.setClipping(False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, colour in ((4, QColor(0, 0, 0, 110)), (2, QColor("white"))):
            painter.setPen(QPen(colour, width))
            painter.drawLine(line, 0, line, self.height())
        painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
        painter.setBrush(QColor("white"))
        middle = QPointF(line, self.height() / 2)
        painter.drawEllipse(middle, 13, 13)
        painter.setPen(QPen(QColor("#1a2430"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for side in (-1, 1):
            tip = middle + QPointF(side * 7, 0)
            painter.drawLine(tip, tip + QPointF(-side * 3, -3))
            painter.drawLine(tip, tip + QPointF(-side * 3, 3))

    def _draw_difference(self, painter: QPainter) -> None:
        """|after - before| doubled three times: eight times the change, black where there is none."""
        ratio = self.devicePixelRatioF()
        layer = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.black)
        inner = QPainter(layer)
        self._draw(inner, self.rect(), is_after=False)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
        self._draw(inner, self.rect(), is_after=True)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        for _ in range(3):
            inner.drawImage(0, 0, layer.copy())
        inner.end()
        painter.drawImage(0, 0, layer)

    def _draw(self, painter: QPainter, area: QRect, *, is_after: bool) -> None:
        """One of the two pictures in ``area``; only what is seen of it is touched."""
        assert self._pair is not None
        whole = self._placed(area)
        seen = whole.intersected(QRectF(area))
        if seen.isEmpty():
            return
        image = self._pair.image(self._viewport.zoom, is_after=is_after)
        scale = image.width() / whole.width()
        source = QRectF(
            (seen.x() - whole.x()) * scale, (seen.y() - whole.y()) * scale, seen.width() * scale, seen.height() * scale
        )
        is_smooth = self._viewport.zoom < 2.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.drawImage(seen, image, source)

    def _placed(self, area: QRect) -> QRectF:
        """Where the whole photo lies when it is drawn in ``area``."""
        assert self._pair is not None
        ratio = self.devicePixelRatioF()
        view = area.width() * ratio, area.height() * ratio
        left, top, width, height = (value / ratio for value in self._viewport.photo_rect(self._pair.size, view))
        return QRectF(area.x() + left, area.y() + top, width, height)

    def _chip(self, painter: QPainter, area: QRect, name: str, *, at_right: bool) -> None:
        text = self._words.tr(name)
        metrics = QFontMetrics(self.font())
        width, height = metrics.horizontalAdvance(text) + 18, metrics.height() + 8
        shown = self._placed(area).intersected(QRectF(area))
        left = shown.right() - width - 10 if at_right else shown.left() + 10
        box = QRectF(left, shown.top() + 10, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_CHIP)
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor("white"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    # point of view

    def _halves(self) -> tuple[QRect, QRect]:
        width = (self.width() - _GAP) // 2
        return QRect(0, 0, width, self.height()), QRect(self.width() - width, 0, width, self.height())

    def _room(self) -> tuple[float, float]:
        """Size of one picture's place in screen pixels."""
        area = self._halves()[0] if self._mode is Mode.SIDE else self.rect()
        ratio = self.devicePixelRatioF()
        return max(1.0, area.width() * ratio), max(1.0, area.height() * ratio)

    def _in_area(self, point: QPointF) -> tuple[float, float]:
        left = 0
        if self._mode is Mode.SIDE and point.x() > self.width() / 2:
            left = self._halves()[1].left()
        ratio = self.devicePixelRatioF()
        return (point.x() - left) * ratio, point.y() * ratio

    def _look(self, viewport: Viewport, *, is_fitted: bool = False) -> None:
        self._viewport = viewport
        self._is_fitted = is_fitted
        self.zoomed.emit()
        self.update()

    def _drag_line(self, point: QPointF) -> None:
        self.set_split(point.x() / max(1, self.width()))
        self.split_moved.emit(self._split)

    def _hold_before(self, *, is_held: bool) -> None:
        if self._is_before_held != is_held:
            self._is_before_held = is_held
            self.update()
