"""Only one process at a time changes the installed models; the others are told to wait."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photoguard.errors import Failed, ProblemCode

_NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder``, which is made where it is missing. The system lets go of it when the process dies.

    Raises ``Failed``: MODELS_BUSY while another process holds it, MODELS_FOLDER_UNWRITABLE.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise Failed(ProblemCode.MODELS_FOLDER_UNWRITABLE) from error
    try:
        if not _taken(descriptor):
            raise Failed(ProblemCode.MODELS_BUSY)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
