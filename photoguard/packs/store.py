"""The installed models: one folder for each, with its file, the list that describes it, and its licence.

A folder gets its name only when it is complete, by one rename. So a crash leaves a whole model or none.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from photoguard.errors import Failed, PhotoguardError, Problem, ProblemCode
from photoguard.packs import manifest
from photoguard.packs.description import BUILT_IN, NAME, Model
from photoguard.packs.lock import locked
from photoguard.packs.reading import hashed, read_checked
from photoguard.packs.registry import Registry

_INCOMING = ".incoming-"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
ACCEPTED = "ACCEPTED.txt"
"""Beside a research-only model: under what name its licence was accepted."""


@dataclass(frozen=True)
class Installed:
    """A model on this computer, as it is described there; the file itself is judged when it is read."""

    model: Model
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / self.model.file

    def read(self) -> bytes:
        """The file's bytes, exactly those that were installed. Raises ``Failed``, MODEL_CHANGED above all."""
        return read_checked(self.path, self.model.name, self.model.sha256, self.model.bytes)


@dataclass(frozen=True)
class Damaged:
    """A folder of the store whose description cannot be used."""

    name: str
    problem: Problem


def installed(folder: Path, known: Registry) -> tuple[Installed, ...]:
    """All models in the store at ``folder``, by name; damaged ones are passed over, see :func:`damaged`."""
    return tuple(entry for entry in _entries(folder, known) if isinstance(entry, Installed))


def damaged(folder: Path, known: Registry) -> tuple[Damaged, ...]:
    """What lies in the store and cannot be used."""
    return tuple(entry for entry in _entries(folder, known) if isinstance(entry, Damaged))


def verified(one: Installed, check: Callable[[], None] = lambda: None) -> Problem | None:
    """What is wrong with an installed model's file; None when it is the very file that was installed."""
    try:
        found = hashed(one.path, one.model.name, check)
    except Failed as error:
        return error.problem
    if found != (one.model.sha256, one.model.bytes):
        return Problem(ProblemCode.MODEL_CHANGED, {"model": one.model.name})
    return None


@contextmanager
def incoming(folder: Path) -> Iterator[Path]:
    """A fresh folder inside the store for files that are on their way; swept by the next one after a crash.

    The store is locked as long. Raises ``Failed``: MODELS_BUSY, MODELS_FOLDER_UNWRITABLE, DISK_FULL.
    """
    with locked(folder):
        for left in folder.glob(_INCOMING + "*"):
            # nobody else is at work here: whatever lies here was left by a crash
            shutil.rmtree(left, ignore_errors=True)
        staging = folder / (_INCOMING + secrets.token_hex(4))
        with named_errors():
            staging.mkdir()
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def install(model: Model, file: Path, folder: Path, *, licence: str, accepted: str = "") -> Path:
    """Move ``file``, which lies inside the store and was checked, under the model's name; its new folder.

    ``licence`` is the text to keep beside it, ``accepted`` the name by which its terms were accepted. Held under the
    lock of :func:`incoming`. A model already there stays when it is the same file. Raises ``Failed``: MODEL_TAKEN when
    it is another, MODELS_FOLDER_UNWRITABLE, DISK_FULL.
    """
    check_free(model, folder)
    target = folder / model.name
    if target.exists():
        return target
    with named_errors():
        made = file.parent / f"{_INCOMING}{model.name}"
        made.mkdir()
        _write(made / manifest.LIST, manifest.written([model]))
        _write(made / "LICENCE.txt", licence.encode())
        if accepted:
            _write(made / ACCEPTED, f"{accepted}\n".encode())
        file.replace(made / model.file)
        made.rename(target)
    return target


def check_free(model: Model, folder: Path) -> None:
    """Raise ``Failed(MODEL_TAKEN)`` where another file goes by that name."""
    target = folder / model.name
    if model.name in BUILT_IN or not NAME.fullmatch(model.name):
        raise Failed(ProblemCode.MODEL_TAKEN, model=model.name)
    if not target.exists():
        return
    try:
        (table,) = manifest.read(target)["model"]
        is_same = table.get("sha256") == model.sha256 and table.get("role") == model.purpose.value
    except (PhotoguardError, ValueError):
        is_same = False
    if not is_same or not (target / model.file).is_file():
        raise Failed(ProblemCode.MODEL_TAKEN, model=model.name)


def remove(name: str, folder: Path) -> None:
    """Take a model away, whole or damaged. Raises ``Failed``: NOT_INSTALLED, MODELS_BUSY, MODELS_FOLDER_UNWRITABLE."""
    if not NAME.fullmatch(name) or not (folder / name).is_dir():
        raise Failed(ProblemCode.NOT_INSTALLED, model=name)
    with incoming(folder) as staging, named_errors():
        # first out of sight in one step, then gone
        (folder / name).rename(staging / name)


@contextmanager
def named_errors(otherwise: ProblemCode = ProblemCode.MODELS_FOLDER_UNWRITABLE) -> Iterator[None]:
    """Name the ways in which a disk says no."""
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        raise Failed(ProblemCode.DISK_FULL if full else otherwise) from error


def _entries(folder: Path, known: Registry) -> Iterator[Installed | Damaged]:
    try:
        places = sorted(place for place in folder.iterdir() if place.is_dir() and not place.name.startswith("."))
    except OSError:
        return
    for place in places:
        try:
            yield _entry(place, known)
        except PhotoguardError as error:
            yield Damaged(place.name, error.problem)


def _entry(place: Path, known: Registry) -> Installed:
    tables = manifest.read(place)["model"]
    if len(tables) != 1:
        raise manifest.broken("model")
    (table,) = tables
    name = manifest.name_of(table)
    sha256, size = manifest.digest_of(table, name), manifest.length_of(table, name)
    path = manifest.path_of(table, place, name)
    if name != place.name or sha256 is None or size is None or path.parent != place:
        raise manifest.broken(f"{place.name}: name")
    return Installed(manifest.model_of(table, path.name, sha256, size, known), place)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
