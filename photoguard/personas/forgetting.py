"""Erases what is kept of people; the window's process does it too, so nothing heavy is loaded here."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from photoguard.errors import Failed, ProblemCode
from photoguard.personas.seal import destroy_key

NAME = "personas.sqlite"


def forget(folder: Path) -> bool:
    """Erase all personas in ``folder`` and their key; whether there were any. Raises ``Failed`` JOURNAL_UNAVAILABLE."""
    path = folder / NAME
    try:
        is_there = path.exists()
        if is_there:
            # the key first: without it the rest is noise, also where a disk keeps what was overwritten
            destroy_key(folder)
            with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=1)) as base:
                base.executescript(
                    "PRAGMA secure_delete = ON; DELETE FROM look; DELETE FROM kept; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"
                )
        for file in folder.glob("personas.sqlite*"):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise Failed(ProblemCode.JOURNAL_UNAVAILABLE) from error
    return is_there
