"""Which photos a run is about, and where each copy goes."""

from __future__ import annotations

import itertools
import os
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from photoguard.errors import Problem, ProblemCode

_PHOTO_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .jif .mpo .jps .png .apng .webp .gif .tif .tiff .heic .heif .hif .avif .bmp .jxl .jp2 .j2k .jpx "
    ".dng .cr2 .nef .arw".split()
)
"""In folders only these are taken for photos; a file that is named is tried whatever it is called."""
_SYSTEM_FOLDERS = frozenset({"__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir"})
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
"""What a file manager leaves behind; nobody knows of it, so nobody is told."""


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


@dataclass(frozen=True)
class Met:
    """A file on the way through folders, or a path where there is none."""

    source: Path
    place: Path
    """Below the folder that was named; of a file that was named, its name."""
    problem: Problem | None = None
    is_photo: bool = True
    """Whether it is to be worked on: by its name, or since it was named itself."""


def discover(
    paths: Sequence[Path],
    out: Path,
    naming: Naming = Naming.KEEP,
    pass_over: Callable[[Path], object] = lambda _: None,
) -> tuple[Job, ...]:
    """The photos named by ``paths`` and those in folders among them, each with a destination below ``out``.

    Folders are walked recursively in the order of their names, without hidden and system files and folders, ``out``
    itself, and links that lead back; their trees are mirrored. Two sources never share a destination, whatever extension the copies
    get: the second is called ``name-2``. Reads names only, writes nothing. With ``naming`` other than ``KEEP`` files and
    folders of the copies have neutral names. ``pass_over`` is told of every other visible file in those folders.
    """
    taken: set[str] = set()
    seen: set[Path] = set()
    jobs: list[Job] = []
    named = frozenset(paths)
    names = _neutral_names(out, naming)
    others: dict[Path, Path] = {}
    for met in _met(paths, out):
        identity = _resolved(met.source)
        if not met.is_photo:
            others.setdefault(identity, met.source)
        if identity in seen or not met.is_photo:
            continue
        seen.add(identity)
        name = met.place if naming is Naming.KEEP else Path(next(names) + met.place.suffix.lower())
        jobs.append(Job(met.source, _untaken(out / name, taken), met.problem, is_named=met.source in named))
    for identity, source in others.items():
        if identity not in seen:
            pass_over(source)
    return tuple(jobs)


def photos_in(paths: Sequence[Path]) -> Iterator[tuple[Path, Problem | None]]:
    """The photos named by ``paths`` and in folders among them, each once, with what is wrong with the path."""
    return ((met.source, met.problem) for met in files_in(paths) if met.is_photo)


def files_in(paths: Sequence[Path]) -> Iterator[Met]:
    """As :func:`photos_in`, with the other visible files of the folders; no step takes longer than reading one folder."""
    seen: set[tuple[Path, bool]] = set()
    for met in _met(paths, None):
        identity = _resolved(met.source), met.is_photo
        if identity not in seen:
            seen.add(identity)
            yield met


def _neutral_names(out: Path, naming: Naming) -> Iterator[str]:
    """Stems that tell nothing; numbers go on after those that are in ``out`` already."""
    there = {path.stem for path in out.glob("photo-*")} if naming is Naming.COUNTER else set()
    for number in itertools.count(1):
        name = f"photo-{number:04}" if naming is Naming.COUNTER else secrets.token_hex(8)
        if name not in there:
            yield name


def _met(paths: Sequence[Path], out: Path | None) -> Iterator[Met]:
    for path in paths:
        if path.is_dir():
            has_photos = False
            for source in _walked(path, _resolved(out) if out is not None else None):
                is_photo = source.suffix.lower() in _PHOTO_SUFFIXES
                has_photos |= is_photo
                yield Met(source, source.relative_to(path), is_photo=is_photo)
            if not has_photos:
                is_out = out is not None and _resolved(path) == _resolved(out)
                code = ProblemCode.OUTPUT_IS_SOURCE if is_out else ProblemCode.NO_PHOTOS
                yield Met(path, Path(path.name or "folder"), Problem(code))
        elif os.path.lexists(path):
            yield Met(path, Path(path.name))
        else:
            yield Met(path, Path(path.name or "missing"), Problem(ProblemCode.VANISHED))


def _walked(folder: Path, out: Path | None) -> Iterator[Path]:
    """Every visible file below ``folder``, in the order of their names."""
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
            if name.lower() not in _SYSTEM_FILES and not _is_hidden(Path(root) / name):
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
