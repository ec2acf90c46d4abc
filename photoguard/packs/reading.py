"""Reads a model file only when it is, byte for byte, the one that was described."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from photoguard.errors import Failed, ProblemCode

MOST_BYTES = 1 << 30
"""ViT-L recognisers reach 1.2 GB, IResNet-100 260 MB; nothing larger runs on a laptop."""
_STEP = 1 << 20


def read_checked(path: Path, name: str, sha256: str | None, size: int | None) -> bytes:
    """The file's content. Raises ``Failed``: MODEL_UNREADABLE, MODEL_TOO_LARGE, MODEL_CHANGED.

    Read once and judged in memory: what is returned is what was hashed, whatever happens to the file meanwhile.
    """
    try:
        with path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            if length > MOST_BYTES:
                raise Failed(ProblemCode.MODEL_TOO_LARGE, model=name, what="bytes", count=length, limit=MOST_BYTES)
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Failed(ProblemCode.MODEL_UNREADABLE, model=name) from error
    if size not in {None, len(data)} or (sha256 is not None and hashlib.sha256(data).hexdigest() != sha256):
        raise Failed(ProblemCode.MODEL_CHANGED, model=name)
    return data


def hashed(path: Path, name: str, check: Callable[[], None] = lambda: None) -> tuple[str, int]:
    """SHA-256 and length of a file of any size, in little memory; ``check`` may raise ``Cancelled``.

    Raises ``Failed(MODEL_UNREADABLE)``.
    """
    digest, length = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_STEP):
                check()
                digest.update(block)
                length += len(block)
    except OSError as error:
        raise Failed(ProblemCode.MODEL_UNREADABLE, model=name) from error
    return digest.hexdigest(), length
