"""Runs a benchmark, photo by photo, and can be stopped and taken up again at any point."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from photoguard.bench import portraits as album
from photoguard.bench.decoy import decoy
from photoguard.bench.description import Description
from photoguard.bench.measuring import Laboratory, clean, face_of, protected
from photoguard.bench.methods import Task, method
from photoguard.bench.portraits import Portrait
from photoguard.bench.store import Key, Record, Store
from photoguard.domain import Progress, ProgressListener, Strength

STORE = "measurements.jsonl"
_READING = ("encoders", "faces", "pixels", "bench/recognising.py", "bench/measuring.py")
"""The code that a clean photo's record depends on."""


_CLEAN_WORK = 0.1
"""How much work it is to look at a clean photo, where protecting and measuring one is 1."""


@dataclass(frozen=True)
class Position:
    """Where a benchmark stands."""

    done: int
    """Pieces of work that are finished, ..."""
    count: int
    """... of so many."""
    what: str
    """Photo, method and strength of the piece that begins, or goes on."""
    work: float
    """The same as ``done`` and ``count``, by how long pieces take; the part of the piece in hand included."""
    whole_work: float
    recorded_work: float
    """What of it was found recorded, and took no time in this run."""


@dataclass(frozen=True)
class Measured:
    """All records of one benchmark."""

    clean: dict[str, Record]
    """Photo -> record, of all photos of the people chosen that show a face."""
    protected: dict[tuple[str, Strength], list[Record]]
    """Method, strength -> records, of the photos chosen that show a face."""


def run(
    description: Description,
    everything: Sequence[Portrait],
    laboratory: Laboratory,
    out: Path,
    listener: Callable[[Position], None],
) -> Measured:
    """Do what is not yet recorded in ``out``; ``listener`` may raise ``Cancelled``, which loses one photo's work."""
    store = Store(out / STORE)
    picked = album.chosen(everything, description.limit, description.per_person)
    people = {portrait.person for portrait in picked}
    gallery = [portrait for portrait in everything if portrait.person in people]
    albums: dict[str, list[Portrait]] = {}
    for portrait in picked:
        albums.setdefault(portrait.person, []).append(portrait)
    tries = [
        _Try(strength, one, name, tuple(albums[one.person]))
        for strength in description.strengths
        for one in picked
        for name in description.methods
    ]
    teller = _Teller(listener, len(gallery), len(tries))

    found: dict[str, Record] = {}
    for portrait in gallery:
        key: Key = ("clean", portrait.name, _digest(portrait.path), description.key(_READING))
        record = store.find(key)
        with teller.piece(portrait.name, _CLEAN_WORK, is_recorded=record is not None):
            if record is None:
                facts = {"photo": portrait.name, "person": portrait.person}
                record = store.add(key, {**facts, **clean(portrait, laboratory)})
        if "problem" not in record:
            found[portrait.name] = record

    results: dict[tuple[str, Strength], list[Record]] = {}
    for one in tries:
        if one.portrait.name not in found:
            teller.pass_over()
            continue
        settings = description.key((*method(one.name).sources, *_READING))
        key = ("protected", one.portrait.name, found[one.portrait.name]["key"][2], one.name, one.strength, settings)
        record = store.find(key)
        with teller.piece(str(one), 1.0, is_recorded=record is not None) as tell:
            if record is None:
                folder = out / "photos" / f"{one.name}-{one.strength}-{settings}"
                record = store.add(key, one.measured(description, found, laboratory, folder, tell))
        results.setdefault((one.name, one.strength), []).append(record)
    return Measured(found, results)


@dataclass(frozen=True)
class _Try:
    strength: Strength
    portrait: Portrait
    name: str
    """Of the method."""
    album: tuple[Portrait, ...]
    """The person's photos that were picked, this one among them."""

    def __str__(self) -> str:
        return f"{self.portrait.name}, {self.name}, {self.strength}"

    def measured(
        self,
        description: Description,
        found: Mapping[str, Record],
        laboratory: Laboratory,
        folder: Path,
        tell: ProgressListener,
    ) -> Record:
        task = Task(
            self.portrait.path,
            folder / PurePosixPath(self.portrait.name),
            description.options(self.strength),
            decoy(self.portrait.person, found, description.surrogates),
            tuple(one.path for one in self.album if one.name in found),
        )
        record = protected(self.portrait, face_of(found[self.portrait.name]), method(self.name), task, laboratory, tell)
        facts = {"photo": self.portrait.name, "person": self.portrait.person}
        return {**facts, "method": self.name, "strength": self.strength, **record}


class _Teller:
    """Keeps count, and tells the listener."""

    def __init__(self, listener: Callable[[Position], None], clean_photos: int, tries: int) -> None:
        self._listener = listener
        self._count = clean_photos + tries
        self._whole = clean_photos * _CLEAN_WORK + tries
        self._done, self._work, self._recorded = 0, 0.0, 0.0

    @contextmanager
    def piece(self, what: str, work: float, *, is_recorded: bool) -> Iterator[ProgressListener]:
        """One piece of work; yields a listener for the progress within it."""

        def tell(progress: Progress) -> None:
            part = progress.step / progress.steps if progress.steps else 0.0
            self._tell(what, work * part)

        self._tell(what, 0.0)
        yield tell
        self._finish(work, is_recorded=is_recorded)
        self._tell(what, 0.0)

    def pass_over(self) -> None:
        """A try on a photo that shows no face."""
        self._finish(1.0, is_recorded=True)

    def _finish(self, work: float, *, is_recorded: bool) -> None:
        self._done += 1
        self._work += work
        self._recorded += work * is_recorded

    def _tell(self, what: str, part: float) -> None:
        self._listener(Position(self._done, self._count, what, self._work + part, self._whole, self._recorded))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
