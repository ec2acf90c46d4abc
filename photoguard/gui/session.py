"""What the window does: photos in, work out, events back. Owns the queue; knows no widget."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from photoguard.batch import photos_in
from photoguard.copy_names import existing_copy
from photoguard.domain import Options, Outcome, OutcomeKind, Progress, Stage, Strength
from photoguard.errors import Problem, ProblemCode
from photoguard.gui.bridge import Bridge
from photoguard.gui.destinations import FOLDER, another_name, destination_for
from photoguard.gui.estimate import Pace
from photoguard.gui.pictures import own_image
from photoguard.gui.queue_model import Entry, QueueModel, State
from photoguard.settings import Settings
from photoguard.worker.messages import (
    Event,
    FacesFound,
    FindFaces,
    Finished,
    GetModels,
    ListModels,
    Look,
    Looked,
    ModelsListed,
    PairShown,
    Progressed,
    Protect,
    Region,
    Scrub,
    ShowPair,
    Stopped,
    TakeModel,
    Unable,
    Warm,
    WarmUp,
)

_WALK_S = 0.008
"""How long the walk through a dropped folder may hold the window at once."""
_SLACK = 0.5
_THUMBNAIL_SIDE = 160
"""Enough for the list, on fine screens too; a thousand of them take 60 MB."""
_PREVIEW_SIDE = 1200


class Session(QObject):
    """Adds photos, protects them, and tells how far it is."""

    run_changed = Signal()
    """Started, advanced, paused or ended."""
    pair_shown = Signal(object)
    """A ``PairShown``, for comparing."""
    pair_failed = Signal(object)
    """The ``Problem`` why a photo cannot be compared."""
    models_listed = Signal(object)
    """A tuple of ``ModelLine``."""
    models_changing = Signal(object)
    """A ``Progress`` while models are fetched or installed; None when that ended."""
    models_ended = Signal(object)
    """How that ended: a ``Problem``, ``True`` when all is installed, ``False`` when it was stopped."""
    pace_learned = Signal(float)
    """Seconds per face on this machine."""
    preview_shown = Signal(int, object)
    """An entry's ticket and a larger ``QImage`` of it."""

    def __init__(self, bridge: Bridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = QueueModel(self)
        self.settings = settings
        self.is_paused = False
        self.pace = Pace(settings.seconds_per_face)
        self._bridge = bridge
        self._tickets = itertools.count(1)
        self._running: list[int] = []
        self._finished: list[int] = []
        self._given: dict[int, Path] = {}
        self._taken: set[str] = set()
        self._walks: list[Iterator[Entry]] = []
        self._known: set[Path] = set()
        self._pair_ticket = 0
        self._previews: dict[int, int] = {}
        self._own_folders: list[Path] = []
        self._is_warm = False
        self._keeping: set[int] = set()
        self._walker = QTimer(self)
        self._walker.setInterval(0)
        self._walker.timeout.connect(self._walk)
        bridge.heard.connect(self._hear)

    # photos in

    def add(self, paths: Sequence[Path]) -> None:
        """Put photos, and those in folders, into the queue; each once. Returns at once."""
        for path in paths:
            self._walks.append(self._entries_of(path))
        self._walker.start()

    def add_pasted(self, file: Path, place: Path) -> None:
        """Put a picture into the queue whose only file is ours: its copy goes where ``place`` would lead."""
        self._own_folders.append(file.parent)
        self._known.add(file)
        entry = Entry(next(self._tickets), file, place)
        self.queue.append([entry])
        self._bridge.ask(Look(entry.ticket, file, _THUMBNAIL_SIDE))
        self.run_changed.emit()

    def remove(self, ticket: int) -> None:
        """Take a photo out of the queue."""
        entry = self.queue.entry(ticket)
        if entry is None or entry.state in {State.QUEUED, State.WORKING}:
            return
        self._bridge.forget(ticket)
        self._known.discard(entry.source)
        self.queue.remove(ticket)
        self.run_changed.emit()

    @property
    def is_walking(self) -> bool:
        return bool(self._walks)

    # work

    def choose(self, **choice: Any) -> None:  # noqa: ANN401 - fields of Settings
        """Work with other settings from now on."""
        self.settings = replace(self.settings, **choice)

    def open_entries(self) -> list[Entry]:
        """Photos that a press of Protect is about."""
        return [entry for entry in self.queue if entry.is_open and not _is_hopeless(entry)]

    def protect(self) -> None:
        """Protect everything that waits; a photo whose copy is there already is told as such."""
        for entry in self.open_entries():
            self._send(entry, self.settings.strength, is_again=False)
        self.run_changed.emit()

    def protect_again(self, ticket: int, strength: Strength) -> None:
        """Make one more copy of a photo, with another strength, under another name."""
        entry = self.queue.entry(ticket)
        if entry is not None and entry.state not in {State.QUEUED, State.WORKING}:
            self._send(entry, strength, is_again=True)
            self.run_changed.emit()

    def pause(self, *, is_wanted: bool) -> None:
        self.is_paused = is_wanted
        self._bridge.pause_work(is_wanted=is_wanted)
        self.run_changed.emit()

    def cancel(self) -> None:
        """Stop all work within two seconds; finished copies stay."""
        self._bridge.stop_work()
        if self.is_paused:
            self.pause(is_wanted=False)

    @property
    def is_running(self) -> bool:
        return bool(self._running)

    @property
    def position(self) -> tuple[int, int]:
        """(photos done, photos in all) of this run."""
        return len(self._finished), len(self._finished) + len(self._running)

    @property
    def current(self) -> Entry | None:
        """The photo that is being worked on."""
        working = (self.queue.entry(ticket) for ticket in self._running)
        return next((entry for entry in working if entry is not None and entry.state is State.WORKING), None)

    @property
    def share(self) -> float:
        """How much of the run is done, 0..1."""
        done, count = self.position
        current = self.current
        return (done + (current.progress.share if current and current.progress else 0.0)) / count if count else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Of the run; None while nothing is known."""
        current = self.current
        waiting = [
            entry
            for ticket in self._running
            if (entry := self.queue.entry(ticket)) is not None and entry.state is State.QUEUED
        ]
        later = self.pace.seconds_for(waiting) if waiting else 0.0
        now = current.progress.seconds_left if current is not None and current.progress is not None else None
        if current is not None and now is None:
            now = self.pace.seconds_for([current])
        if now is None or later is None:
            return None
        return now + later + _SLACK

    def show_pair(self, entry: Entry) -> None:
        """Ask for the pixels of a photo and its copy."""
        if entry.outcome is not None and entry.outcome.output is not None:
            self._pair_ticket = next(self._tickets)
            platform = entry.options.platform if entry.options is not None else self.settings.platform
            request = ShowPair(self._pair_ticket, entry.source, entry.outcome.output, platform)
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
            self.run_changed.emit()

    def add_face(self, ticket: int, region: Region) -> None:
        """Protect a face that was pointed out."""
        entry = self._choosable(ticket)
        if entry is not None:
            self.queue.change(ticket, added=(*entry.added, region))
            self.run_changed.emit()

    def remove_added_faces(self, ticket: int) -> None:
        """Forget the faces that were pointed out."""
        if self._choosable(ticket) is not None:
            self.queue.change(ticket, added=())
            self.run_changed.emit()

    def _choosable(self, ticket: int) -> Entry | None:
        entry = self.queue.entry(ticket)
        return entry if entry is not None and entry.state in {State.READY, State.STOPPED} else None

    def ask_models(self) -> None:
        """Ask which recognisers there are."""
        self._bridge.ask(ListModels(next(self._tickets)), is_urgent=True)

    def get_models(self, *names: str) -> None:
        """Fetch models; the only thing here that uses the network."""
        self._keep(GetModels(next(self._tickets), names))

    def take_model(self, path: Path) -> None:
        """Install a model file or a pack."""
        self._keep(TakeModel(next(self._tickets), path))

    def stop_models(self) -> None:
        """End fetching and installing; what has arrived is kept for the next time."""
        self._bridge.stop_models()

    def _keep(self, request: GetModels | TakeModel) -> None:
        if not self._keeping:
            self._keeping.add(request.ticket)
            self._bridge.ask(request)
            self.models_changing.emit(Progress(Stage.READING))

    def _hear_keeper(self, event: Event) -> None:
        if isinstance(event, Progressed):
            self.models_changing.emit(event.progress)
            return
        self._keeping.discard(event.ticket)
        self.models_changing.emit(None)
        if isinstance(event, ModelsListed):
            self.models_listed.emit(event.models)
        else:
            # models before the failure are there
            self.ask_models()
        self.models_ended.emit(event.problem if isinstance(event, Unable) else isinstance(event, ModelsListed))

    def close(self) -> None:
        """End the engines and clear away pasted pictures; nothing half-written stays."""
        self._walker.stop()
        self._walks.clear()
        self._bridge.close()
        for folder in self._own_folders:
            shutil.rmtree(folder, ignore_errors=True)
        self._own_folders.clear()

    def _options(self, strength: Strength) -> Options:
        return Options(strength=strength, platform=self.settings.platform)

    def _send(self, entry: Entry, strength: Strength, *, is_again: bool) -> None:
        if not self._running:
            self._finished.clear()
        destination = self._given.get(entry.ticket)
        if destination is None:
            number = len(self._given) + 1
            destination = destination_for(entry.source, entry.root, self.settings, self._taken, number)
            self._given[entry.ticket] = destination
        if is_again:
            destination = another_name(destination)
        elif (copy := existing_copy(destination)) is not None:
            problem = Problem(ProblemCode.OUTPUT_EXISTS)
            outcome = Outcome(entry.source, copy, OutcomeKind.SKIPPED, problem, entry.findings)
            self.queue.change(entry.ticket, state=State.DONE, outcome=outcome, problem=None)
            self._finished.append(entry.ticket)
            return
        self._running.append(entry.ticket)
        options = self._options(strength)
        self.queue.change(entry.ticket, state=State.QUEUED, outcome=None, progress=None, options=options)
        left_out = tuple(entry.faces[number] for number in sorted(entry.left_out)) if entry.faces else ()
        nobody_is_left = entry.faces and len(left_out) == len(entry.faces) and not entry.added
        if nobody_is_left or entry.is_moving:
            self._bridge.ask(Scrub(entry.ticket, entry.source, destination))
        else:
            self._bridge.ask(Protect(entry.ticket, entry.source, destination, options, left_out, entry.added))

    # events back

    def _hear(self, event: Event) -> None:
        if event.ticket in self._keeping:
            self._hear_keeper(event)
        elif isinstance(event, Looked):
            self._take_look(event)
        elif isinstance(event, FacesFound):
            self.queue.change(event.ticket, faces=event.faces)
            self.run_changed.emit()
        elif isinstance(event, PairShown):
            if event.ticket == self._pair_ticket:
                self.pair_shown.emit(event)
        elif isinstance(event, Progressed):
            if event.ticket in self._running:
                self.queue.change(event.ticket, state=State.WORKING, progress=event.progress)
                self.run_changed.emit()
        elif isinstance(event, Finished):
            self._end(event.ticket, event.outcome)
        elif isinstance(event, Stopped):
            self._stop(event.ticket)
        elif isinstance(event, Unable):
            self._fail(event)
        elif isinstance(event, ModelsListed):
            self.models_listed.emit(event.models)
        elif not isinstance(event, Warm):
            raise TypeError(event)

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
            if not self._is_warm:
                self._is_warm = True
                self._bridge.ask(WarmUp(0, self._options(self.settings.strength)))
        self.run_changed.emit()

    def _end(self, ticket: int, outcome: Outcome) -> None:
        if ticket not in self._running:
            return
        self.queue.change(ticket, state=State.DONE, outcome=outcome, progress=None)
        entry = self.queue.entry(ticket)
        if entry is not None:
            self.pace.learn(entry)
            if self.pace.seconds_per_face:
                self.pace_learned.emit(self.pace.seconds_per_face)
        self._close(ticket)

    def _stop(self, ticket: int) -> None:
        if ticket in self._running:
            self.queue.change(ticket, state=State.STOPPED, progress=None)
            self._running.remove(ticket)
            self.run_changed.emit()

    def _fail(self, event: Unable) -> None:
        entry = self.queue.entry(event.ticket)
        if event.ticket == self._pair_ticket:
            self.pair_failed.emit(event.problem)
        elif event.ticket in self._running and entry is not None:
            outcome = Outcome(entry.source, None, OutcomeKind.FAILED, event.problem, entry.findings)
            self._end(event.ticket, outcome)
        elif entry is not None and entry.state is State.LOOKING:
            self.queue.change(event.ticket, state=State.READY, problem=event.problem)
            self.run_changed.emit()

    def _close(self, ticket: int) -> None:
        self._running.remove(ticket)
        self._finished.append(ticket)
        self.run_changed.emit()

    # walking folders without holding the window

    def _entries_of(self, path: Path) -> Iterator[Entry]:
        for source, problem in photos_in([path]):
            if source in self._known or (source != path and FOLDER in source.relative_to(path).parts[:-1]):
                continue
            self._known.add(source)
            entry = Entry(next(self._tickets), source, path, problem=problem)
            yield replace(entry, state=State.READY) if problem else entry

    def _walk(self) -> None:
        entries: list[Entry] = []
        until = time.monotonic() + _WALK_S
        while self._walks and time.monotonic() < until:
            entry = next(self._walks[0], None)
            if entry is None:
                del self._walks[0]
            else:
                entries.append(entry)
        self.queue.append(entries)
        for entry in entries:
            if entry.problem is None:
                self._bridge.ask(Look(entry.ticket, entry.source, _THUMBNAIL_SIDE))
        if not self._walks:
            self._walker.stop()
        if entries:
            self.run_changed.emit()


def _is_hopeless(entry: Entry) -> bool:
    return entry.problem is not None and not entry.is_moving
