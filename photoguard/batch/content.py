"""A photo's content: its hash, and how much memory it will ask for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from photoguard.containers import inventory
from photoguard.errors import PhotoguardError, ProblemCode, Refused
from photoguard.pipeline import LIMIT_BYTES

_BYTES_PER_PIXEL = 40
_LEAST_BYTES = 150_000_000


@dataclass(frozen=True)
class Content:
    """What is known of a photo before it is opened."""

    sha256: bytes
    memory_bytes: int
    """What working on it will take besides the models."""
    state: tuple[int, int, int]
    """Size, time of change and number of the file that was read; another state may hold another content."""


def content_of(source: Path) -> Content:
    """Read ``source`` once. Raises ``Refused``: VANISHED, UNREADABLE, FILE_TOO_BIG."""
    try:
        size = source.stat().st_size
        if size > LIMIT_BYTES:
            raise Refused(ProblemCode.FILE_TOO_BIG, size_bytes=size, limit_bytes=LIMIT_BYTES)
        data = source.read_bytes()
        state = state_of(source)
    except FileNotFoundError as error:
        raise Refused(ProblemCode.VANISHED) from error
    except OSError as error:
        raise Refused(ProblemCode.UNREADABLE) from error
    return Content(hashlib.sha256(data).digest(), _memory(data), state)


def state_of(source: Path) -> tuple[int, int, int]:
    """Cheap to ask; raises ``OSError``."""
    status = source.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _memory(data: bytes) -> int:
    try:
        found = inventory(data)
    except PhotoguardError:  # it will be refused, which takes little
        return _LEAST_BYTES
    pixels = (found.width or 0) * (found.height or 0)
    return _LEAST_BYTES + 2 * len(data) + _BYTES_PER_PIXEL * pixels


def sha256_of(path: Path) -> str:
    """Hexadecimal hash of a file; raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
