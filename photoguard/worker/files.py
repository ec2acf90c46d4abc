"""Reads a photo's bytes within the pipeline's limit."""

from __future__ import annotations

from pathlib import Path

from photoguard.errors import ProblemCode, Refused

LIMIT_BYTES = 512 * 1024 * 1024


def read(source: Path) -> bytes:
    """All bytes of ``source``. Raises ``Refused``: FILE_TOO_BIG, VANISHED, UNREADABLE."""
    try:
        size = source.stat().st_size
        if size > LIMIT_BYTES:
            raise Refused(ProblemCode.FILE_TOO_BIG, size_bytes=size, limit_bytes=LIMIT_BYTES)
        return source.read_bytes()
    except FileNotFoundError:
        raise Refused(ProblemCode.VANISHED) from None
    except OSError:
        raise Refused(ProblemCode.UNREADABLE) from None
