"""Photos grouped by the person they show."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from photoguard.errors import ProblemCode, UsageMistake

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".bmp", ".tif", ".tiff"})
_INDEX = "INDEX.csv"


@dataclass(frozen=True)
class Portrait:
    """One photo of a person."""

    path: Path
    name: str
    """Path below the set's folder, with slashes; the photo's key in all records."""
    person: str


def read(folder: Path) -> tuple[Portrait, ...]:
    """All portraits of people with two photos or more, by person and name.

    People are named by the columns ``path`` and ``identity`` of INDEX.csv (rows of another ``kind`` than ``identity``
    are passed over); where there is no such file, each sub-folder is one person. Raises ``UsageMistake(NO_PHOTOS)``.
    """
    index = folder / _INDEX
    found = _indexed(folder, index) if index.is_file() else _by_folder(folder)
    in_order = sorted(found, key=lambda one: (one.person, one.name))
    people = [tuple(of_one) for _, of_one in groupby(in_order, key=lambda one: one.person)]
    kept = tuple(portrait for of_one in people if len(of_one) > 1 for portrait in of_one)
    if not kept:
        raise UsageMistake(ProblemCode.NO_PHOTOS)
    return kept


def chosen(portraits: Iterable[Portrait], limit: int | None, per_person: int) -> tuple[Portrait, ...]:
    """At most ``limit`` portraits, at most ``per_person`` of each person, people with that many first.

    Chosen by a hash of the names: the same on every machine, and picked by nobody. First one photo of everybody, then the
    second, ...: what is known when a benchmark is stopped early is then about many people.
    """
    by_person: dict[str, list[Portrait]] = {}
    for portrait in sorted(portraits, key=lambda one: _hash(one.name)):
        by_person.setdefault(portrait.person, []).append(portrait)
    people = sorted(by_person, key=lambda person: (len(by_person[person]) < per_person, _hash(person)))
    picked = [(turn, one) for person in people for turn, one in enumerate(by_person[person][:per_person])]
    return tuple(portrait for _, portrait in sorted(picked[:limit], key=lambda pair: pair[0]))


def _indexed(folder: Path, index: Path) -> list[Portrait]:
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Portrait(folder / row["path"], row["path"], row["identity"])
        for row in rows
        if row.get("path") and row.get("identity") and row.get("kind", "identity") == "identity"
    ]


def _by_folder(folder: Path) -> list[Portrait]:
    if not folder.is_dir():
        raise UsageMistake(ProblemCode.NO_PHOTOS)
    return [
        Portrait(path, f"{person.name}/{path.name}", person.name)
        for person in folder.iterdir()
        if person.is_dir()
        for path in person.iterdir()
        if path.suffix.lower() in _SUFFIXES
    ]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
