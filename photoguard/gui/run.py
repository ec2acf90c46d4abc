"""A run: photos that are being protected, how far it is, and what came of each. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from photoguard.batch.casting import ROUND
from photoguard.domain import Options, Outcome, OutcomeKind, Strength
from photoguard.gui.bridge import Bridge
from photoguard.gui.destinations import destination_for
from photoguard.gui.estimate import Pace
from photoguard.gui.queue_model import Entry, QueueModel, State
from photoguard.settings import Settings
from photoguard.worker.messages import Event, Finished, MeetPeople, Progressed, Protect, Scrub, Stopped, Unable, WarmUp

_SLACK = 0.5


class Run(QObject):
    """Sends photos of the queue to the engine that protects, and keeps their states there.

    Each sending has a number of its own, taken from ``tickets``: what the engine that looks says about the same photo is
    never taken for the end of the work.
    """

    changed = Signal()
    """Started, advanced, paused or ended."""
    pace_learned = Signal(float)
    """Seconds per face on this machine."""

    def __init__(
        self, bridge: Bridge, queue: QueueModel, tickets: Iterator[int], pace: Pace, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.pace = pace
        self.is_paused = False
        self._bridge = bridge
        self._queue = queue
        self._tickets = tickets
        self._running: dict[int, int] = {}
        """From the number of a request to the ticket of its photo, in the order in which they were sent."""
        self._finished: list[int] = []
        self._meeting: dict[int, int] = {}
        """The same for requests to look who is in a photo, which come before those."""
        self._meetings = 0
        """How many of those there were in this run."""
        self._press = 0
        self._given: dict[int, Path] = {}
        self._taken: set[str] = set()
        self._is_warm = False
        bridge.heard.connect(self._hear)

    def warm_up(self, settings: Settings) -> None:
        """Let the models be loaded while the user still looks; once."""
        if not self._is_warm:
            self._is_warm = True
            self._bridge.ask(WarmUp(next(self._tickets), _options(settings, settings.strength)))

    def begin(self, entries: list[Entry], settings: Settings) -> None:
        """Protect ``entries``; a photo whose copy is there already is told as such.

        As in a folder run, everybody in a round of photos is met before the first of them is changed.
        """
        self._press += 1
        for start in range(0, len(entries), ROUND):
            a_round = entries[start : start + ROUND]
            requests = [self._request(entry, settings, settings.strength, is_again=False) for entry in a_round]
            if sum(isinstance(request, Protect) for request in requests) > 1:
                for request, entry in zip(requests, a_round, strict=True):
                    if isinstance(request, Protect):
                        self._meet(request, entry)
            for request in requests:
                self._bridge.ask(request)
        self.changed.emit()

    def begin_again(self, entry: Entry, settings: Settings, strength: Strength) -> None:
        """Make one more copy of a photo, with another strength, under another name."""
        self._press += 1
        self._bridge.ask(self._request(entry, settings, strength, is_again=True))
        self.changed.emit()

    def pause(self, *, is_wanted: bool) -> None:
        """Rest at the next step, or go on."""
        self.is_paused = is_wanted
        self._bridge.pause_work(is_wanted=is_wanted)
        self.changed.emit()

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
        return next((entry for entry in self._entries() if entry.state is State.WORKING), None)

    @property
    def met(self) -> tuple[int, int] | None:
        """(photos looked at, photos to look at) before the first of them is changed; None while photos are changed."""
        current = self.current
        if current is None or current.ticket not in self._meeting.values():
            return None
        return self._meetings - len(self._meeting), self._meetings

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
        waiting = [entry for entry in self._entries() if entry.state is State.QUEUED]
        later = self._seconds_for(waiting) if waiting else 0.0
        now = current.progress.seconds_left if current is not None and current.progress is not None else None
        if current is not None and now is None:
            now = self._seconds_for([current])
        if now is None or later is None:
            return None
        return now + later + _SLACK

    def _seconds_for(self, entries: list[Entry]) -> float | None:
        """For entries that were sent, all with the same wish about a shield."""
        is_shielding = any(entry.options is not None and entry.options.shield_edits for entry in entries)
        return self.pace.seconds_for(entries, is_shielding=is_shielding)

    def _entries(self) -> Iterator[Entry]:
        found = (self._queue.entry(photo) for photo in self._running.values())
        return (entry for entry in found if entry is not None)

    def _meet(self, request: Protect, entry: Entry) -> None:
        ticket = next(self._tickets)
        self._meeting[ticket] = entry.ticket
        self._meetings += 1
        self._bridge.ask(MeetPeople(ticket, request))

    def _request(self, entry: Entry, settings: Settings, strength: Strength, *, is_again: bool) -> Protect | Scrub:
        """What the engine is to do with a photo, which waits for it from now on."""
        if not self._running:
            self._finished.clear()
            self._meeting.clear()
            self._meetings = 0
        destination = self._given.get(entry.ticket)
        if destination is None:
            number = len(self._given) + 1
            destination = destination_for(entry.source, entry.root, settings, self._taken, number)
            self._given[entry.ticket] = destination
        ticket = next(self._tickets)
        self._running[ticket] = entry.ticket
        options = _options(settings, strength)
        self._queue.change(entry.ticket, state=State.QUEUED, outcome=None, progress=None, options=options)
        left_out = tuple(entry.faces[number] for number in sorted(entry.left_out)) if entry.faces else ()
        nobody_is_left = entry.faces and len(left_out) == len(entry.faces) and not entry.added
        is_named = not entry.is_from_folder
        if nobody_is_left or entry.is_moving:
            return Scrub(ticket, entry.source, destination, self._press, is_named, is_again)
        asked = Protect(ticket, entry.source, destination, options, left_out, entry.added)
        return replace(asked, press=self._press, is_named=is_named, is_again=is_again)

    def _hear(self, event: Event) -> None:
        if event.ticket in self._meeting:
            self._hear_of_meeting(event)
            return
        photo = self._running.get(event.ticket)
        entry = None if photo is None else self._queue.entry(photo)
        if entry is None:
            return
        if isinstance(event, Progressed):
            self._queue.change(entry.ticket, state=State.WORKING, progress=event.progress)
        elif isinstance(event, Finished):
            self._end(event.ticket, entry, event.outcome)
        elif isinstance(event, Unable):
            outcome = Outcome(entry.source, None, OutcomeKind.FAILED, event.problem, entry.findings)
            self._end(event.ticket, entry, outcome)
        elif isinstance(event, Stopped):
            self._queue.change(entry.ticket, state=State.STOPPED, progress=None)
            del self._running[event.ticket]
        else:
            raise TypeError(event)
        self.changed.emit()

    def _hear_of_meeting(self, event: Event) -> None:
        """Somebody looks who is in a photo. What goes wrong there is told when the photo's turn comes."""
        photo = self._meeting[event.ticket]
        entry = self._queue.entry(photo)
        if not isinstance(event, Progressed):
            del self._meeting[event.ticket]
        if entry is None:
            return
        if isinstance(event, Progressed):
            self._queue.change(photo, state=State.WORKING, progress=event.progress)
        elif entry.state is State.WORKING:  # else it was cancelled meanwhile
            self._queue.change(photo, state=State.QUEUED, progress=None)
        self.changed.emit()

    def _end(self, ticket: int, entry: Entry, outcome: Outcome) -> None:
        self._queue.change(entry.ticket, state=State.DONE, outcome=outcome, progress=None)
        ended = self._queue.entry(entry.ticket)
        assert ended is not None
        self.pace.learn(ended)
        if self.pace.seconds_per_face:
            self.pace_learned.emit(self.pace.seconds_per_face)
        del self._running[ticket]
        self._finished.append(entry.ticket)


def _options(settings: Settings, strength: Strength) -> Options:
    return Options(
        strength=strength,
        platform=settings.platform,
        persona=settings.persona or None,
        shield_edits=settings.shield_edits,
    )
