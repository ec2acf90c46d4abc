"""Runs a benchmark, photo by photo, and can be stopped and taken up again at any point."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from photoguard.bench import portraits as album
from photoguard.bench.decoy import decoy
from photoguard.bench.description import Description
from photoguard.bench.measuring import Laboratory, clean, face_of, protected
from photoguard.bench.methods import Task, method
from photoguard.bench.portraits import Portrait
from photoguard.bench.store import Key, Record, Store
from photoguard.domain import Progress, Strength

STORE = "measurements.jsonl"
_READING = ("encoders", "faces", "pixels", "bench/recognising.py", "bench/measuring.py")
"""The code that a clean photo's record depends on."""


@dataclass(frozen=True)
class Position:
    """Where a benchmark stands."""

    done: int
    count: int
    what: str
    is_recorded: bool = False
    """This piece was found in the store."""
    progress: Progress | None = None


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
    tries = [
        (strength, one, name) for strength in description.strengths for one in picked for name in description.methods
    ]
    count, done = len(gallery) + len(tries), 0

    found: dict[str, Record] = {}
    for portrait in gallery:
        key = ("clean", portrait.name, _digest(portrait.path), description.key(_READING))
        listener(Position(done, count, portrait.name, store.find(key) is not None))
        record = store.find(key) or store.add(
            key, {"photo": portrait.name, "person": portrait.person, **clean(portrait, laboratory)}
        )
        if "problem" not in record:
            found[portrait.name] = record
        done += 1

    results: dict[tuple[str, Strength], list[Record]] = {}
    for strength, portrait, name in tries:
        if portrait.name in found:
            here = done
            label = f"{portrait.name}, {name}, {strength}"

            def tell(progress: Progress, here: int = here, label: str = label) -> None:
                listener(Position(here, count, label, progress=progress))

            record = _try(description, portrait, name, strength, found, laboratory, store, out, tell)
            results.setdefault((name, strength), []).append(record)
            listener(Position(done, count, label, is_recorded=True))
        done += 1
    return Measured(found, results)


def _try(
    description: Description,
    portrait: Portrait,
    name: str,
    strength: Strength,
    found: Mapping[str, Record],
    laboratory: Laboratory,
    store: Store,
    out: Path,
    tell: Callable[[Progress], None],
) -> Record:
    way = method(name)
    settings = description.key((*way.sources, *_READING))
    key: Key = ("protected", portrait.name, found[portrait.name]["key"][2], name, strength, settings)
    if (record := store.find(key)) is not None:
        return record
    destination = out / "photos" / f"{name}-{strength}-{settings}" / PurePosixPath(portrait.name)
    task = Task(
        portrait.path, destination, description.options(strength), decoy(portrait.person, found, description.surrogates)
    )
    record = protected(portrait, face_of(found[portrait.name]), way, task, laboratory, tell)
    facts = {"photo": portrait.name, "person": portrait.person, "method": name, "strength": strength}
    return store.add(key, {**facts, **record})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
