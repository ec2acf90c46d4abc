"""A photo with its faces: a click leaves one out, drawing a box adds one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from photoguard.gui.queue_model import Entry
from photoguard.gui.theme import Colours
from photoguard.gui.words import Words
from photoguard.worker.messages import Region

_STEP = 0.02
_LEAST = 0.02
_FIRST_BOX = QRectF(0.35, 0.3, 0.3, 0.4)


class FacesPicture(QWidget):
    """Shows one entry."""

    toggled = Signal(int)
    """Number of the found face that was clicked."""
    drawn = Signal(object)
    """The ``Region`` of a face that was added."""
    drawing_ended = Signal()

    def __init__(self, words: Words, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._colours = colours
        self._entry: Entry | None = None
        self._image: QImage | None = None
        self._is_drawing = False
        self._start: QPointF | None = None
        self._box: QRectF | None = None
        self.setMinimumSize(QSize(200, 150))
        self.setMouseTracking(True)
        words.label(self, "picture_faces")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_entry(self, entry: Entry | None, image: QImage | None) -> None:
        self._entry, self._image = entry, image
        self.update()

    def wear(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    @property
    def is_drawing(self) -> bool:
        return self._is_drawing

    def draw_face(self, *, is_wanted: bool) -> None:
        """Let the user draw a box, with the mouse or the keyboard."""
        if self._is_drawing == is_wanted:
            return
        self._is_drawing = is_wanted
        self._start = None
        self._box = QRectF(_FIRST_BOX) if is_wanted else None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_wanted else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor if is_wanted else Qt.CursorShape.ArrowCursor)
        if is_wanted:
            self.setFocus()
        else:
            self.drawing_ended.emit()
        self.update()

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._is_drawing:
            self._start = self._share(event.position())
            self._box = None
            return
        number = self._face_at(event.position())
        if number is not None:
            self.toggled.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._is_drawing:
            if self._start is not None:
                self._box = QRectF(self._start, self._share(event.position())).normalized()
                self.update()
            return
        is_over = self._face_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._is_drawing and self._start is not None:
            self._start = None
            self._take()

    # keyboard, while drawing

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts from the keys that belong to the drawing."""
        if self._is_drawing and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if not self._is_drawing:
            super().keyPressEvent(event)
            return
        box = self._box or QRectF(_FIRST_BOX)
        steps = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP),
            Qt.Key.Key_Down: (0.0, _STEP),
        }
        key = Qt.Key(event.key())
        if key in steps:
            across, down = steps[key]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                box.setWidth(min(1.0 - box.x(), max(_LEAST, box.width() + across)))
                box.setHeight(min(1.0 - box.y(), max(_LEAST, box.height() + down)))
            else:
                box.moveTo(
                    min(1.0 - box.width(), max(0.0, box.x() + across)),
                    min(1.0 - box.height(), max(0.0, box.y() + down)),
                )
            self._box = box
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._box = box
            self._take()
        elif key is Qt.Key.Key_Escape:
            self.draw_face(is_wanted=False)
        else:
            super().keyPressEvent(event)

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = self._frame()
        if self._image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colours.raised))
            painter.drawRoundedRect(QRectF(self.rect()), 12, 12)
        else:
            painter.drawImage(frame, self._image)
        if self._entry is not None and self._image is not None:
            for number, face in enumerate(self._entry.faces or ()):
                self._mark(painter, self._placed(face), number + 1, is_out=number in self._entry.left_out)
            known = len(self._entry.faces or ())
            for number, face in enumerate(self._entry.added):
                self._mark(painter, self._placed(face), known + number + 1, is_out=False)
        if self._box is not None:
            region = Region(self._box.x(), self._box.y(), self._box.width(), self._box.height())
            painter.setPen(QPen(QColor("white"), 4))
            painter.setBrush(QColor(255, 255, 255, 40))
            painter.drawRoundedRect(self._placed(region), 4, 4)
            painter.setPen(QPen(QColor(self._colours.accent), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self._placed(region), 4, 4)
        painter.end()

    def _mark(self, painter: QPainter, box: QRectF, number: int, *, is_out: bool) -> None:
        """A frame with its number; a face that is left out is dashed and crossed, not only paler."""
        style = Qt.PenStyle.DashLine if is_out else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, colour in ((4.5, QColor(0, 0, 0, 150)), (2.5, QColor("white" if is_out else "#8cc4e8"))):
            painter.setPen(QPen(colour, width, style))
            painter.drawRoundedRect(box, 5, 5)
            if is_out:
                painter.drawLine(box.topLeft(), box.bottomRight())
                painter.drawLine(box.topRight(), box.bottomLeft())
        height = self.fontMetrics().height() + 4
        tag = QRectF(
            box.left(), box.top() - height - 3, max(height, self.fontMetrics().horizontalAdvance("00") + 8), height
        )
        if tag.top() < 0:
            tag.moveTop(box.top() + 3)
            tag.moveLeft(box.left() + 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 180))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(QColor("white"))
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), str(number))

    def _frame(self) -> QRectF:
        """Where the photo lies in the widget."""
        if self._image is None:
            return QRectF(self.rect())
        zoom = min(self.width() / self._image.width(), self.height() / self._image.height())
        width, height = self._image.width() * zoom, self._image.height() * zoom
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _placed(self, face: Region) -> QRectF:
        frame = self._frame()
        return QRectF(
            frame.x() + face.x * frame.width(),
            frame.y() + face.y * frame.height(),
            face.width * frame.width(),
            face.height * frame.height(),
        )

    def _share(self, point: QPointF) -> QPointF:
        frame = self._frame()
        return QPointF(
            min(1.0, max(0.0, (point.x() - frame.x()) / frame.width())),
            min(1.0, max(0.0, (point.y() - frame.y()) / frame.height())),
        )

    def _face_at(self, point: QPointF) -> int | None:
        """The smallest face under the mouse."""
        if self._entry is None:
            return None
        under = [
            (face.width * face.height, number)
            for number, face in enumerate(self._entry.faces or ())
            if self._placed(face).contains(point)
        ]
        return min(under)[1] if under else None

    def _take(self) -> None:
        box, self._box = self._box, None
        if box is not None and box.width() >= _LEAST and box.height() >= _LEAST:
            self.drawn.emit(Region(box.x(), box.y(), box.width(), box.height()))
        self.draw_face(is_wanted=False)
