"""The queue: one frozen entry per photo, and a Qt model over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from photoguard.domain import Finding, Options, Outcome, Progress
from photoguard.errors import Problem, ProblemCode
from photoguard.worker.messages import Region

_Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class State(StrEnum):
    """Where a photo stands in the window."""

    LOOKING = "looking"
    READY = "ready"
    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Entry:
    """One photo of the queue."""

    ticket: int
    source: Path
    root: Path
    """The dropped folder it came from, or its own path."""
    state: State = State.LOOKING
    thumbnail: QImage | None = None
    size: tuple[int, int] | None = None
    findings: tuple[Finding, ...] = ()
    problem: Problem | None = None
    """Why it cannot be worked on, as far as is known before trying."""
    faces: tuple[Region, ...] | None = None
    """What the quick search found; None while it has not been done."""
    left_out: frozenset[int] = frozenset()
    """Numbers of ``faces`` that the user took out."""
    added: tuple[Region, ...] = ()
    """Faces that the user drew."""
    progress: Progress | None = None
    outcome: Outcome | None = None
    options: Options | None = None
    """With which the copy was made, or is being made."""

    @property
    def is_moving(self) -> bool:
        """Whether it is an animation: it can be cleaned, its faces cannot be protected."""
        return self.problem is not None and self.problem.code is ProblemCode.ANIMATED

    @property
    def is_from_folder(self) -> bool:
        """Whether it came with a dropped folder; a pasted picture has a place of its own."""
        return self.source != self.root and self.source.is_relative_to(self.root)

    @property
    def is_in_work(self) -> bool:
        """Whether a copy is being made, or about to be."""
        return self.state in {State.QUEUED, State.WORKING}

    @property
    def is_open(self) -> bool:
        """Whether it still waits for being protected."""
        return self.state in {State.LOOKING, State.READY, State.STOPPED} and self.outcome is None


class QueueModel(QAbstractListModel):
    """Entries in the order in which they came."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._rows: dict[int, int] = {}

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:  # noqa: ANN401 - Qt's way
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == int(Qt.ItemDataRole.DisplayRole):
            return entry.source.name
        return None

    def append(self, entries: list[Entry]) -> None:
        """Add photos at the end."""
        if not entries:
            return
        first = len(self._entries)
        self.beginInsertRows(QModelIndex(), first, first + len(entries) - 1)
        self._entries += entries
        self._index_rows()
        self.endInsertRows()

    def remove(self, ticket: int) -> None:
        """Take a photo out of the queue; its files stay as they are."""
        row = self._rows[ticket]
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._entries[row]
        self._index_rows()
        self.endRemoveRows()

    def change(self, ticket: int, **changes: Any) -> None:  # noqa: ANN401 - fields of Entry
        """Replace fields of one entry; nothing happens when it is gone."""
        row = self._rows.get(ticket)
        if row is None:
            return
        self._entries[row] = replace(self._entries[row], **changes)
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def entry(self, ticket: int) -> Entry | None:
        row = self._rows.get(ticket)
        return None if row is None else self._entries[row]

    def row(self, ticket: int) -> int:
        return self._rows[ticket]

    def at(self, row: int) -> Entry:
        return self._entries[row]

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def _index_rows(self) -> None:
        self._rows = {entry.ticket: row for row, entry in enumerate(self._entries)}
