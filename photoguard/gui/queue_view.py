"""The list of photos: thumbnail with its faces marked, name, and one line in plain words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QKeyEvent, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photoguard.domain import OutcomeKind
from photoguard.gui.queue_model import ENTRY_ROLE, Entry, QueueModel, State
from photoguard.gui.telling import is_protected, state_words, summary_words
from photoguard.gui.theme import Colours
from photoguard.gui.words import Words

_Index = QModelIndex | QPersistentModelIndex
_PAD = 10
_PICTURE = 64


class QueueView(QListView):
    """Keyboard: arrows move, Delete takes a photo out, Enter compares."""

    removed = Signal(int)
    opened = Signal(int)
    chosen = Signal(object)
    """The entry under the cursor, or None."""

    def __init__(self, queue: QueueModel, words: Words, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = _Row(words, colours, self)
        self.setModel(queue)
        self.setItemDelegate(self._row)
        self.setSpacing(2)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMinimumWidth(260)
        words.label(self, "queue")
        words.changed.connect(self.viewport().update)
        self.activated.connect(lambda index: self.opened.emit(index.data(ENTRY_ROLE).ticket))

    def wear(self, colours: Colours) -> None:
        self._row.colours = colours
        self.viewport().update()

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self.chosen.emit(current.data(ENTRY_ROLE) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and index.isValid():
            self.removed.emit(index.data(ENTRY_ROLE).ticket)
            return
        super().keyPressEvent(event)


class _Row(QStyledItemDelegate):
    """Paints one photo; screen readers get the same words as text."""

    def __init__(self, words: Words, colours: Colours, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.colours = colours

    def displayText(self, value: object, _locale: object) -> str:  # noqa: N802 - Qt's name
        return str(value)

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's name
        lines = QFontMetrics(option.font).height() * 3 + 8
        return QSize(240, max(_PICTURE, lines) + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        area: QRect = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if is_chosen:
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(area), 8, 8)
            painter.fillPath(shape, QColor(self.colours.accent_soft))
        frame = QRect(area.left() + _PAD, area.center().y() - _PICTURE // 2, _PICTURE, _PICTURE)
        self._paint_picture(painter, frame, entry)
        left = frame.right() + 1 + _PAD + 2
        text = QRect(left, area.top() + _PAD, area.right() - left - _PAD, area.height() - 2 * _PAD)
        self._paint_words(painter, text, option.font, entry)
        painter.restore()

    def _paint_words(self, painter: QPainter, area: QRect, font: QFont, entry: Entry) -> None:
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        height = QFontMetrics(font).height()
        top = area.center().y() - (3 * height + 8) // 2
        rows = (
            (bold, self.colours.text, entry.source.name),
            (font, self._colour(entry), state_words(entry, self._words)),
            (font, self.colours.muted, summary_words(entry, self._words)),
        )
        for number, (face, colour, words) in enumerate(rows):
            painter.setFont(face)
            painter.setPen(QColor(colour))
            line = QRect(area.left(), top + number * (height + 4), area.width(), height)
            mode = Qt.TextElideMode.ElideMiddle if number == 0 else Qt.TextElideMode.ElideRight
            elided = QFontMetrics(face).elidedText(words, mode, line.width())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided)

    def _paint_picture(self, painter: QPainter, frame: QRect, entry: Entry) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(frame), 8, 8)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(frame, QColor(self.colours.raised))
        if entry.thumbnail is not None:
            paint_covering(painter, frame, entry.thumbnail, entry, QColor(self.colours.accent))
        painter.restore()
        if entry.outcome is not None:
            self._paint_badge(painter, frame, is_good=is_protected(entry.outcome))
        if entry.state is State.WORKING:
            bar = QRect(frame.left(), frame.bottom() - 5, frame.width(), 6)
            painter.fillRect(bar, QColor(self.colours.surface))
            bar.setWidth(round(frame.width() * (entry.progress.share if entry.progress else 0.0)))
            painter.fillRect(bar, QColor(self.colours.accent))

    def _paint_badge(self, painter: QPainter, frame: QRect, *, is_good: bool) -> None:
        """A tick for a protected photo, a dash for every other end: not by colour alone."""
        middle = QPointF(frame.right() - 4, frame.bottom() - 4)
        painter.setPen(QPen(QColor(self.colours.surface), 2))
        painter.setBrush(QColor(self.colours.good if is_good else self.colours.care))
        painter.drawEllipse(middle, 10, 10)
        painter.setPen(QPen(QColor(self.colours.surface), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if is_good:
            points = [middle + QPointF(-4, 0), middle + QPointF(-1, 3), middle + QPointF(4, -3)]
            painter.drawPolyline(QPolygonF(points))
        else:
            painter.drawLine(middle + QPointF(-4, 0), middle + QPointF(4, 0))

    def _colour(self, entry: Entry) -> str:
        if entry.outcome is None:
            return self.colours.care if entry.problem is not None and not entry.is_moving else self.colours.accent
        if is_protected(entry.outcome):
            return self.colours.good
        if entry.outcome.ended is OutcomeKind.PROTECTED:
            return self.colours.care
        return self.colours.accent if entry.outcome.kind is OutcomeKind.SKIPPED else self.colours.care


def paint_covering(painter: QPainter, frame: QRect, image: QImage, entry: Entry, colour: QColor) -> None:
    """The middle of ``image`` filling ``frame``, with the faces that will be protected marked."""
    zoom = max(frame.width() / image.width(), frame.height() / image.height())
    width, height = image.width() * zoom, image.height() * zoom
    left, top = frame.center().x() - width / 2, frame.center().y() - height / 2
    painter.drawImage(QRectF(left, top, width, height), image)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    wanted = [face for number, face in enumerate(entry.faces or ()) if number not in entry.left_out]
    for face in (*wanted, *entry.added):
        box = QRectF(left + face.x * width, top + face.y * height, face.width * width, face.height * height)
        painter.drawRoundedRect(box, 3, 3)
