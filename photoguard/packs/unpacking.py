"""Takes single files out of zip files from strangers, never more than was expected of them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from photoguard.errors import Failed, ProblemCode

_MOST_ENTRIES = 10_000
_STEP = 1 << 20


def broken(place: str) -> Failed:
    return Failed(ProblemCode.PACK_BROKEN, place=place)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip file at ``path``. Raises ``Failed(PACK_BROKEN)``, also for damage found inside the ``with`` block."""
    try:
        with zipfile.ZipFile(path) as box:
            if len(box.infolist()) > _MOST_ENTRIES:
                raise broken("entries")
            names = box.namelist()
            if len(set(names)) != len(names):
                raise broken("double")
            yield box
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise broken("zip") from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise broken("zip") from error


def take(
    box: zipfile.ZipFile, name: str, sha256: str, size: int, target: Path, check: Callable[[], None] = lambda: None
) -> None:
    """Write the entry called ``name`` to ``target``: exactly ``size`` bytes with that hash.

    What the entry says of itself is believed only where it agrees; not a byte more than ``size`` is unpacked. Raises
    ``Failed(PACK_BROKEN)``, and leaves no file then.
    """
    try:
        entry = box.getinfo(name)
    except KeyError as error:
        raise broken("missing") from error
    if entry.file_size != size or entry.is_dir():
        raise broken("size")
    try:
        with box.open(entry) as source, target.open("xb") as file:
            found = _copied(source, file, size, check)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    if found != (sha256, size):
        target.unlink()
        raise broken("hash")


def _copied(source: IO[bytes], target: IO[bytes], size: int, check: Callable[[], None]) -> tuple[str, int]:
    """Hash and length of what was copied, which is never much more than ``size`` bytes."""
    digest, done = hashlib.sha256(), 0
    while done <= size and (block := source.read(min(_STEP, size + 1 - done))):
        check()
        digest.update(block)
        target.write(block)
        done += len(block)
    return digest.hexdigest(), done


def small(box: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The content of a small entry; raises ``Failed(PACK_BROKEN)`` where it is missing or larger than ``most`` bytes."""
    try:
        with box.open(name) as source:
            data = source.read(most + 1)
    except KeyError as error:
        raise broken("missing") from error
    if len(data) > most:
        raise broken("size")
    return data
