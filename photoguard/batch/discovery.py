"""Which photos a run is about, and where each copy goes."""

from __future__ import annotations

import itertools
import os
import secrets
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from photoguard.errors import Problem, ProblemCode

_PHOTO_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .jif .mpo .jps .png .apng .webp .gif .tif .tiff .heic .heif .hif .avif .bmp .jxl .jp2 .j2k .jpx".split()
)
"""In folders only these are taken for photos; a file that is named is tried whatever it is called."""
_SYSTEM_FOLDERS = frozenset({"__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir"})


class Naming(StrEnum):
    """What the copies are called; names carry dates and people too."""

    KEEP = "keep"
    COUNTER = "counter"
    RANDOM = "random"


@dataclass(frozen=True)
class Job:
    """One photo of a run."""

    source: Path
    destination: Path
    problem: Problem | None = None
    """Why there is nothing to do, e.g. the path does not exist."""
    is_named: bool = False
    """The user named this very file, rather than a folder it lies in."""


def discover(paths: Sequence[Path], out: Path, naming: Naming = Naming.KEEP) -> tuple[Job, ...]:
    """The photos named by ``paths`` and those in folders among them, each with a destination below ``out``.

    Folders are walked recursively in the order of their names, without hidden and system files and folders, ``out``
    itself, and links that lead back; their trees are mirrored. Two sources never share a destination, whatever extension the copies
    get: the second is called ``name-2``. Reads names only, writes nothing. With ``naming`` other than ``KEEP`` files and
    folders of the copies have neutral names.
    """
    taken: set[str] = set()
    seen: set[Path] = set()
    jobs: list[Job] = []
    named = frozenset(paths)
    names = _neutral_names(out, naming)
    for source, place, problem in _sources(paths, out):
        identity = _resolved(source)
        if identity in seen:
            continue
        seen.add(identity)
        name = place if naming is Naming.KEEP else Path(next(names) + place.suffix.lower())
        jobs.append(Job(source, _untaken(out / name, taken), problem, is_named=source in named))
    return tuple(jobs)


def photos_in(paths: Sequence[Path]) -> Iterator[tuple[Path, Problem | None]]:
    """The photos named by ``paths`` and in folders among them, each once, with what is wrong with the path."""
    seen: set[Path] = set()
    for source, _, problem in _sources(paths, None):
        identity = _resolved(source)
        if identity not in seen:
            seen.add(identity)
            yield source, problem


def _neutral_names(out: Path, naming: Naming) -> Iterator[str]:
    """Stems that tell nothing; numbers go on after those that are in ``out`` already."""
    there = {path.stem for path in out.glob("photo-*")} if naming is Naming.COUNTER else set()
    for number in itertools.count(1):
        name = f"photo-{number:04}" if naming is Naming.COUNTER else secrets.token_hex(8)
        if name not in there:
            yield name


def _sources(paths: Sequence[Path], out: Path | None) -> Iterator[tuple[Path, Path, Problem | None]]:
    for path in paths:
        if path.is_dir():
            found = False
            for source in _walked(path, _resolved(out) if out is not None else None):
                found = True
                yield source, source.relative_to(path), None
            if not found:
                is_out = out is not None and _resolved(path) == _resolved(out)
                code = ProblemCode.OUTPUT_IS_SOURCE if is_out else ProblemCode.NO_PHOTOS
                yield path, Path(path.name or "folder"), Problem(code)
        elif os.path.lexists(path):
            yield path, Path(path.name), None
        else:
            yield path, Path(path.name or "missing"), Problem(ProblemCode.VANISHED)


def _walked(folder: Path, out: Path | None) -> Iterator[Path]:
    visited: set[Path] = set()
    for root, folders, files in os.walk(folder, followlinks=True):
        here = _resolved(Path(root))
        if here in visited or here == out:
            folders.clear()
            continue
        visited.add(here)
        folders[:] = sorted(
            name for name in folders if name not in _SYSTEM_FOLDERS and not _is_hidden(Path(root) / name)
        )
        for name in sorted(files):
            if Path(name).suffix.lower() in _PHOTO_SUFFIXES and not _is_hidden(Path(root) / name):
                yield Path(root) / name


def _is_hidden(path: Path) -> bool:
    if path.name.startswith("."):
        return True
    try:
        attributes = getattr(path.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & (stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM))


def _untaken(destination: Path, taken: set[str]) -> Path:
    """``destination``, numbered where another source of this run has its name in any extension or letter case."""
    stem, number = destination.stem, 1
    # some disks take one letter written in two ways for one
    while (key := unicodedata.normalize("NFC", str(destination.with_suffix("")).casefold())) in taken:
        number += 1
        destination = destination.with_name(f"{stem}-{number}{destination.suffix}")
    taken.add(key)
    return destination


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return path.absolute()
