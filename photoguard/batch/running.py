"""Runs a plan; one photo's mistake never ends the others, and what is done is never done again."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photoguard.batch.casting import ROUND, Caster, Casting
from photoguard.batch.content import Content, content_of, state_of
from photoguard.batch.copies import Copies
from photoguard.batch.copying import copied
from photoguard.batch.discovery import Job
from photoguard.batch.estimate import Estimate, Span
from photoguard.batch.executors import Ended, Errand, Executor, Glance, Glanced
from photoguard.batch.journal import Journal
from photoguard.batch.precedents import Precedents
from photoguard.domain import Outcome, OutcomeKind, Progress
from photoguard.errors import Failed, PhotoguardError, ProblemCode, Refused
from photoguard.output import discard, publish, staging, sweep

_AHEAD = 6
"""Photos whose content is known before their turn comes, where nobody has to be met."""
_REST_S = 0.2
PROTECTED_BEFORE = "protected_before"
"""Note of a photo that was itself a copy of ours, and was cloaked once more because its user named it."""


@dataclass(frozen=True)
class Position:
    """Where a run stands."""

    number: int
    """1-based, of the photo that moved on."""
    count: int
    source: Path
    progress: Progress
    done: int = 0
    """Photos of the run that have their outcome."""
    left: Span | None = None
    """Seconds the run will still take; None while too little was measured."""
    met: tuple[int, int] | None = None
    """(photos looked at, photos to look at) before the first of them is changed; None while photos are changed."""


@dataclass(frozen=True)
class Terms:
    """Under which a run goes on."""

    treatment: bytes = b""
    """Fingerprint of what is done and with what; see :mod:`photoguard.batch.treatment`."""
    resume: bool = True
    """Whole copies that the journal knows are left as they are; else an existing copy is a refusal."""
    room_bytes: int | None = None
    """Memory for the photos that are worked on at once; one photo alone may take more. None: no limit."""
    keep_times: bool = False
    gives_way: bool = False
    """Where a file lies that is none of ours, the copy takes the next free name; else that is a refusal."""


class Found:
    """What a run knows of copies: those that lay in the folders before it, and those it made.

    Handed from one call of :func:`run` to the next where photos of one run are given one by one.
    """

    def __init__(self) -> None:
        self.copies = Copies()
        self.made: dict[tuple[bytes, bytes], Outcome] = {}
        """By treatment and content: a photo of this run whose copy is there."""


def run(
    jobs: Sequence[Job],
    executor: Executor,
    journal: Journal,
    terms: Terms,
    listener: Callable[[Position], None],
    *,
    check: Callable[[], None] = lambda: None,
    may_begin: Callable[[], bool] = lambda: True,
    found: Found | None = None,
    caster: Caster | None = None,
) -> Iterator[Outcome]:
    """Yield one outcome per job as they come; ``executor`` is started.

    ``caster`` is asked for the personas of every photo that has to be done, in the order of ``jobs``, once everybody in a
    round of them was met; None: there are none.

    ``listener`` and ``check``, which is called several times a second, may raise ``Cancelled``: that ends the run
    after cleaning up. While ``may_begin`` says no, no further photo is begun. Raises ``Failed`` DISK_FULL after the outcome
    of the photo that no longer fitted, and JOURNAL_UNAVAILABLE where notes can no longer be taken.
    """
    for folder in {job.destination.parent for job in jobs}:
        sweep(folder)
    return _Run(
        jobs, executor, journal, terms, listener, check, may_begin, found or Found(), Casting(caster)
    ).outcomes()


@dataclass(frozen=True)
class _Prepared:
    """A job that has to be done."""

    number: int
    job: Job
    content: Content


@dataclass
class _Flight:
    """A job that is being done."""

    prepared: _Prepared
    staged: Path
    began: float


@dataclass
class _Look:
    """A photo that is looked at before its turn comes."""

    prepared: _Prepared
    began: float


class _Run:
    def __init__(
        self,
        jobs: Sequence[Job],
        executor: Executor,
        journal: Journal,
        terms: Terms,
        listener: Callable[[Position], None],
        check: Callable[[], None],
        may_begin: Callable[[], bool],
        found: Found,
        casting: Casting,
    ) -> None:
        self._jobs = jobs
        self._executor = executor
        self._journal = journal
        self._terms = terms
        self._listener = listener
        self._check = check
        self._may_begin = may_begin
        self._casting = casting
        self._looking: dict[int, _Look] = {}
        self._look_took: dict[bytes, float] = {}
        self._surveyed = 0
        self._round_end = 0
        self._ready: deque[_Prepared] = deque()
        self._flying: dict[int, _Flight] = {}
        self._twins: dict[bytes, list[_Prepared]] = {}
        """Photos with the same content as one that is being done."""
        self._made = found.made
        self._precedents = Precedents(
            [job.destination for job in jobs],
            journal,
            found.copies,
            terms.treatment,
            resume=terms.resume,
            gives_way=terms.gives_way,
        )
        self._estimate = Estimate()
        self._done = 0

    def outcomes(self) -> Iterator[Outcome]:
        try:
            while self._surveyed < len(self._jobs) or self._ready or self._is_busy:
                self._check()
                if not (self._ready or self._looking):
                    self._round_end = min(self._round_end + ROUND, len(self._jobs))
                while self._wants_more:
                    self._surveyed += 1
                    for outcome in self._survey(self._surveyed, self._jobs[self._surveyed - 1]):
                        self._done += 1
                        yield outcome
                    self._check()
                    self._begin()
                    if not self._has_room and (self._executor.capacity > 1 or len(self._ready) >= _AHEAD):
                        break  # the processes must not wait until everything was surveyed
                self._begin()
                if self._is_busy:
                    for ended in self._executor.wait(self._tell, 0.0 if self._wants_more else _REST_S):
                        if isinstance(ended, Glanced):
                            self._looked(ended)
                            continue
                        for outcome in self._settled(ended):
                            self._done += 1
                            yield outcome
                            if outcome.problem is not None and outcome.problem.code is ProblemCode.DISK_FULL:
                                raise Failed(ProblemCode.DISK_FULL)
                elif self._ready:
                    time.sleep(_REST_S)
        finally:
            if self._is_busy:
                self._executor.close()
                for flight in self._flying.values():
                    discard(flight.staged)

    @property
    def _wants_more(self) -> bool:
        """Whether a further photo is to be surveyed: where people are met, all of the round, else a few ahead."""
        if self._casting.is_needed:
            return self._surveyed < self._round_end
        return self._surveyed < len(self._jobs) and len(self._ready) < _AHEAD

    @property
    def _is_meeting(self) -> bool:
        """Whether there may be people in the round whom nobody has met."""
        return self._casting.is_needed and (self._wants_more or not self._casting.has_met_all)

    @property
    def _is_busy(self) -> bool:
        return bool(self._flying or self._looking)

    @property
    def _has_room(self) -> bool:
        return len(self._flying) + len(self._looking) < self._executor.capacity

    def _survey(self, number: int, job: Job) -> Iterator[Outcome]:
        """Look at a photo: its outcome where it is clear already, else it is made ready."""
        if job.problem is not None:
            yield Outcome(job.source, None, OutcomeKind.REFUSED, job.problem)
            return
        try:
            content = content_of(job.source)
        except PhotoguardError as error:
            yield Outcome(job.source, None, OutcomeKind.REFUSED, error.problem)
            return
        prepared = _Prepared(number, job, content)
        known = self._precedents.outcome(job, content)
        if known is not None:
            if known.output is not None and known.proof is not None:
                self._made.setdefault(self._key(content), known)
            yield known
            return
        try:
            destination = self._precedents.place(job, content)
        except PhotoguardError as error:
            yield Outcome(job.source, None, OutcomeKind.REFUSED, error.problem)
            return
        prepared = replace(prepared, job=replace(job, destination=destination))
        if (made := self._made.get(self._key(content))) is not None:
            yield self._twin(prepared, made)
        elif content.sha256 in self._twins:
            self._twins[content.sha256].append(prepared)
        else:
            self._twins[content.sha256] = []
            self._casting.expect(content.sha256)
            self._ready.append(prepared)

    def _twin(self, prepared: _Prepared, made: Outcome) -> Outcome:
        return copied(made, prepared.job.source, prepared.job.destination, keep_times=self._terms.keep_times)

    def _key(self, content: Content) -> tuple[bytes, bytes]:
        return self._terms.treatment, content.sha256

    def _begin(self) -> None:
        if not self._flying:
            # not before the earlier round is done: a run that is killed and goes on must not have met more people by then
            self._casting.meet()
        while self._ready and self._has_room and self._may_begin():
            if self._look():
                continue
            prepared = None if self._is_meeting else self._fitting()
            if prepared is None:
                return
            self._ready.remove(prepared)
            staged = staging(prepared.job.destination)
            content = prepared.content.sha256
            began = time.monotonic() - self._look_took.pop(content, 0.0)
            self._flying[prepared.number] = _Flight(prepared, staged, began)
            cast = self._casting.cast_of(content)
            self._executor.submit(Errand(prepared.number, prepared.job.source, staged, cast))

    def _look(self) -> bool:
        """Have the next photo looked at that nobody has seen; False where there is none or it does not fit now."""
        at_it = {look.prepared.content.sha256 for look in self._looking.values()}
        for prepared in self._ready:
            content = prepared.content.sha256
            if not self._casting.is_unseen(content) or content in at_it:
                continue
            if not self._fits(prepared):
                return False
            ticket = -prepared.number
            self._looking[ticket] = _Look(prepared, time.monotonic())
            self._executor.submit(Glance(ticket, prepared.job.source))
            return True
        return False

    def _looked(self, glanced: Glanced) -> None:
        look = self._looking.pop(glanced.ticket)
        content = look.prepared.content.sha256
        self._look_took[content] = time.monotonic() - look.began
        self._casting.take(content, glanced.sighting)

    def _fitting(self) -> _Prepared | None:
        """The first photo there is memory for; smaller ones may overtake a big one, which goes alone at last."""
        return next((one for one in self._ready if self._fits(one)), None)

    def _fits(self, prepared: _Prepared) -> bool:
        if not self._is_busy or self._terms.room_bytes is None:
            return True
        at_work: list[_Flight | _Look] = [*self._flying.values(), *self._looking.values()]
        taken = sum(one.prepared.content.memory_bytes for one in at_work)
        return prepared.content.memory_bytes <= self._terms.room_bytes - taken

    def _tell(self, number: int, progress: Progress) -> None:
        self._check()
        flight: _Flight | _Look | None = self._flying.get(number)
        if flight is None and not self._flying:
            flight = self._looking.get(number)
        if flight is not None:
            source, number = flight.prepared.job.source, abs(number)
            met = None if self._flying else self._met
            self._listener(Position(number, len(self._jobs), source, progress, self._done, self._left(), met))

    @property
    def _met(self) -> tuple[int, int]:
        """(photos of the round that were looked at, photos of the round)."""
        seen = sum(not self._casting.is_unseen(one.content.sha256) for one in self._ready)
        return seen, len(self._ready) + self._round_end - self._surveyed

    def _left(self) -> Span | None:
        now = time.monotonic()
        begun = sum(now - flight.began for flight in self._flying.values()) + sum(self._look_took.values())
        return self._estimate.left(len(self._jobs) - self._done, begun, self._executor.capacity)

    def _settled(self, ended: Ended) -> Iterator[Outcome]:
        flight = self._flying.pop(ended.ticket)
        prepared = flight.prepared
        if ended.outcome.output is not None and _has_changed(prepared):
            # nobody knows which of its contents became the copy
            discard(flight.staged)
            self._casting.forget(prepared.content.sha256)
            for one in (prepared, *self._twins.pop(prepared.content.sha256)):
                yield from self._survey(one.number, one.job)
            return
        self._estimate.add(time.monotonic() - flight.began)
        made = replace(ended.outcome, source=prepared.job.source)
        if made.kind is OutcomeKind.PROTECTED and self._journal.made(
            prepared.content.sha256.hex(), kind=OutcomeKind.PROTECTED
        ):
            made = replace(made, notes=(*made.notes, PROTECTED_BEFORE))
        outcome = self._named(prepared, flight.staged, made)
        yield outcome
        if outcome.output is not None:
            self._made[self._key(prepared.content)] = outcome
        twins = self._twins.pop(prepared.content.sha256, [])
        if outcome.output is not None:
            self._casting.forget(prepared.content.sha256)
            for twin in twins:
                yield self._twin(twin, outcome)
            return
        note = self._journal.find(prepared.content.sha256, self._terms.treatment)
        if note is None and twins:
            self._twins[prepared.content.sha256] = twins[1:]
            self._ready.appendleft(twins[0])
            return
        self._casting.forget(prepared.content.sha256)
        if note is not None:  # they would meet the same
            for twin in twins:
                yield note.outcome(twin.job.source, None)

    def _named(self, prepared: _Prepared, staged: Path, outcome: Outcome) -> Outcome:
        """Note down what came of a photo, then give its copy the name: a note without a copy is done again, a copy without
        a note would be nobody's.
        """
        try:
            self._journal.add(prepared.content.sha256, self._terms.treatment, outcome)
            if outcome.output is None:
                discard(staged)
                return outcome
            destination = prepared.job.destination
            if outcome.output.suffix != staged.suffix:  # the content is of another format than the name said
                destination = destination.with_name((destination.stem or destination.name) + outcome.output.suffix)
            return replace(outcome, output=publish(outcome.output, destination))
        except PhotoguardError as error:
            discard(staged)
            if error.problem.code is ProblemCode.JOURNAL_UNAVAILABLE:
                raise
            kind = OutcomeKind.REFUSED if isinstance(error, Refused) else OutcomeKind.FAILED
            return Outcome(prepared.job.source, None, kind, error.problem, outcome.findings)


def _has_changed(prepared: _Prepared) -> bool:
    try:
        return state_of(prepared.job.source) != prepared.content.state
    except OSError:
        return False  # what was read before is what was copied
