"""What the window has in hand: photos in, looked at, faces chosen by hand, pairs shown. Owns the queue; knows no widget."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from photoguard.batch import Met
from photoguard.domain import Strength
from photoguard.gui.bridge import Bridge
from photoguard.gui.destinations import FOLDER
from photoguard.gui.estimate import Pace
from photoguard.gui.model_keeping import ModelKeeping
from photoguard.gui.pictures import own_image
from photoguard.gui.queue_model import Entry, QueueModel, State
from photoguard.gui.run import Run
from photoguard.gui.walking import Walk
from photoguard.settings import Settings
from photoguard.worker.messages import (
    EditorViewsShown,
    Event,
    FacesFound,
    FindFaces,
    Look,
    Looked,
    PairShown,
    Progressed,
    Region,
    ShowEditorViews,
    ShowPair,
    Unable,
)

_THUMBNAIL_SIDE = 160
"""Enough for the list, on fine screens too; a thousand of them take 60 MB."""
_PREVIEW_SIDE = 1200


class Session(QObject):
    """Adds photos and shows what is known of them; ``run`` protects them, ``models`` keeps the recognisers."""

    changed = Signal()
    """What waits, or how far the run is."""
    pair_shown = Signal(object)
    """A ``PairShown``, for comparing."""
    editor_views_shown = Signal(object)
    """A tuple of ``EditorView``; None where they could not be made."""
    pair_failed = Signal(object)
    """The ``Problem`` why a photo cannot be compared."""
    preview_shown = Signal(int, object)
    """An entry's ticket and a larger ``QImage`` of it."""

    def __init__(self, bridge: Bridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = QueueModel(self)
        self.settings = settings
        self._bridge = bridge
        self._tickets = itertools.count(1)
        self.run = Run(bridge, self.queue, self._tickets, Pace(settings.seconds_per_face), self)
        self.models = ModelKeeping(bridge, self._tickets, self)
        self._walk = Walk(self)
        self._known: set[Path] = set()
        self._passed_over: dict[Path, str] = {}
        self._pair_ticket = 0
        self._editors_ticket = 0
        self._previews: dict[int, int] = {}
        self._own_folders: list[Path] = []
        self._walk.met.connect(self._take_met)
        self.run.changed.connect(self.changed)
        bridge.heard.connect(self._hear)

    # photos in

    def add(self, paths: Sequence[Path]) -> None:
        """Put photos, and those in folders, into the queue; each once. Returns at once."""
        self.models.ask_once()
        for path in paths:
            self._walk.begin(path)

    def add_pasted(self, file: Path, place: Path) -> None:
        """Put a picture into the queue whose only file is ours: its copy goes where ``place`` would lead."""
        self.models.ask_once()
        self._own_folders.append(file.parent)
        self._known.add(file)
        entry = Entry(next(self._tickets), file, place)
        self.queue.append([entry])
        self._bridge.ask(Look(entry.ticket, file, _THUMBNAIL_SIDE))
        self.changed.emit()

    def remove(self, ticket: int) -> None:
        """Take a photo out of the queue."""
        entry = self.queue.entry(ticket)
        if entry is None or entry.is_in_work:
            return
        self._bridge.forget(ticket)
        self._known.discard(entry.source)
        self.queue.remove(ticket)
        if not len(self.queue):
            self._passed_over.clear()
        self.changed.emit()

    @property
    def is_walking(self) -> bool:
        return self._walk.is_going

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Files that came with folders and are no photos by their names, as ``folder/name``."""
        return tuple(self._passed_over.values())

    # work

    def choose(self, **choice: Any) -> None:  # noqa: ANN401 - fields of Settings
        """Work with other settings from now on."""
        self.settings = replace(self.settings, **choice)

    def open_entries(self) -> list[Entry]:
        """Photos that a press of Protect is about."""
        return [entry for entry in self.queue if entry.is_open and not _is_hopeless(entry)]

    def protect(self) -> None:
        """Protect everything that waits."""
        self.run.begin(self.open_entries(), self.possible)

    def protect_again(self, ticket: int, strength: Strength) -> None:
        """Make one more copy of a photo, with another strength, under another name."""
        entry = self.queue.entry(ticket)
        if entry is not None and not entry.is_in_work:
            self.run.begin_again(entry, self.possible, strength)

    @property
    def possible(self) -> Settings:
        """The settings, without what this computer cannot do."""
        return replace(self.settings, shield_edits=self.settings.shield_edits and self.models.can_shield)

    # pictures

    def show_pair(self, entry: Entry) -> None:
        """Ask for the pixels of a photo and its copy."""
        if entry.outcome is not None and entry.outcome.output is not None:
            self._pair_ticket = next(self._tickets)
            platform = entry.options.platform if entry.options is not None else self.settings.platform
            request = ShowPair(self._pair_ticket, entry.source, entry.outcome.output, platform)
            self._bridge.ask(request, is_urgent=True)

    def show_editor_views(self, entry: Entry) -> None:
        """Ask what AI editors make of a photo and its copy; answered after the photo that is in work."""
        if entry.outcome is not None and entry.outcome.output is not None:
            self._editors_ticket = next(self._tickets)
            platform = entry.options.platform if entry.options is not None else self.settings.platform
            boxes = tuple(face.box for face in entry.outcome.faces)
            request = ShowEditorViews(self._editors_ticket, entry.source, entry.outcome.output, boxes, platform)
            self._bridge.ask(request, is_urgent=True)

    def show_preview(self, ticket: int) -> None:
        """Ask for a larger picture of a photo than the list shows."""
        entry = self.queue.entry(ticket)
        if entry is not None and entry.ticket not in self._previews.values():
            request = Look(next(self._tickets), entry.source, _PREVIEW_SIDE)
            self._previews = {request.ticket: ticket}
            self._bridge.ask(request, is_urgent=True)

    # faces chosen by hand

    def toggle_face(self, ticket: int, number: int) -> None:
        """Leave a found face out, or take it back in."""
        entry = self._choosable(ticket)
        if entry is not None and number < len(entry.faces or ()):
            self.queue.change(ticket, left_out=entry.left_out ^ {number})
            self.changed.emit()

    def add_face(self, ticket: int, region: Region) -> None:
        """Protect a face that was pointed out."""
        entry = self._choosable(ticket)
        if entry is not None:
            self.queue.change(ticket, added=(*entry.added, region))
            self.changed.emit()

    def remove_added_faces(self, ticket: int) -> None:
        """Forget the faces that were pointed out."""
        if self._choosable(ticket) is not None:
            self.queue.change(ticket, added=())
            self.changed.emit()

    def _choosable(self, ticket: int) -> Entry | None:
        entry = self.queue.entry(ticket)
        return entry if entry is not None and entry.state in {State.READY, State.STOPPED} else None

    def close(self) -> None:
        """End the engines and clear away pasted pictures; nothing half-written stays."""
        self._walk.stop()
        self._bridge.close()
        for folder in self._own_folders:
            shutil.rmtree(folder, ignore_errors=True)
        self._own_folders.clear()

    # events back

    def _hear(self, event: Event) -> None:
        if isinstance(event, Looked):
            self._take_look(event)
        elif isinstance(event, FacesFound):
            self.queue.change(event.ticket, faces=event.faces)
            self.changed.emit()
        elif isinstance(event, PairShown):
            if event.ticket == self._pair_ticket:
                self.pair_shown.emit(event)
        elif event.ticket == self._editors_ticket and not isinstance(event, Progressed):
            self.editor_views_shown.emit(event.views if isinstance(event, EditorViewsShown) else None)
        elif isinstance(event, Unable):
            self._miss(event)

    def _take_look(self, event: Looked) -> None:
        if event.ticket in self._previews:
            wanted = self._previews.pop(event.ticket)
            if (image := own_image(event.thumbnail)) is not None:
                self.preview_shown.emit(wanted, image)
            return
        entry = self.queue.entry(event.ticket)
        if entry is None:
            return
        state = State.READY if entry.state is State.LOOKING else entry.state
        self.queue.change(
            event.ticket,
            state=state,
            findings=event.findings,
            size=event.size,
            thumbnail=own_image(event.thumbnail),
            problem=event.problem,
        )
        if event.problem is None:
            self._bridge.ask(FindFaces(event.ticket, entry.source))
            self.run.warm_up(self.possible)
        self.changed.emit()

    def _miss(self, event: Unable) -> None:
        entry = self.queue.entry(event.ticket)
        if event.ticket == self._pair_ticket:
            self.pair_failed.emit(event.problem)
        elif entry is not None and entry.state is State.LOOKING:
            self.queue.change(event.ticket, state=State.READY, problem=event.problem)
            self.changed.emit()

    # what a walk meets

    def _take_met(self, met: list[tuple[Path, Met]]) -> None:
        entries: list[Entry] = []
        known = len(self._passed_over)
        for root, one in met:
            if one.source in self._known or FOLDER in one.place.parts[:-1]:
                continue
            if not one.is_photo:
                self._passed_over.setdefault(one.source, f"{root.name}/{one.place.as_posix()}")
                continue
            self._known.add(one.source)
            self._passed_over.pop(one.source, None)
            entry = Entry(next(self._tickets), one.source, root, problem=one.problem)
            entries.append(replace(entry, state=State.READY) if one.problem else entry)
        self.queue.append(entries)
        for entry in entries:
            if entry.problem is None:
                self._bridge.ask(Look(entry.ticket, entry.source, _THUMBNAIL_SIDE))
        if entries or len(self._passed_over) != known:
            self.changed.emit()


def _is_hopeless(entry: Entry) -> bool:
    return entry.problem is not None and not entry.is_moving
