"""What was done already: a note per photo that survives Ctrl-C, a kill, a full disk and a power cut.

It lies in the user's state folder and not beside the copies. A folder of copies is made to be shared, and nothing in it
should tell about the originals; and SQLite's log needs a local disk, which a shared folder often is not. A note holds no
name and no path: it is found by the hash of the photo's content and of what was done to it, and names its copy by hash
and size. So it also fits when folders were renamed, moved or stand on a disk that has another letter today.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from photoguard import __version__
from photoguard.batch.outcome_text import outcome_of, text_of
from photoguard.domain import Outcome, OutcomeKind
from photoguard.errors import Failed, ProblemCode
from photoguard.output import free_name

NAME = "journal.sqlite"
_LAYOUT = 1
"""Raised with every change of the tables; a journal of another layout is set aside."""
_PATIENCE_S = 30.0
"""Another run writes its note within milliseconds; a sleeping disk takes seconds."""
_TABLES = """
CREATE TABLE IF NOT EXISTS photo (
  content BLOB NOT NULL, treatment BLOB NOT NULL, kind TEXT NOT NULL, problem TEXT, version TEXT NOT NULL,
  copy_sha256 TEXT, copy_bytes INTEGER, outcome TEXT NOT NULL,
  PRIMARY KEY (content, treatment)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS photo_copy ON photo (copy_sha256) WHERE copy_sha256 IS NOT NULL;
"""
_LASTING = frozenset(
    {
        ProblemCode.NOT_A_PHOTO,
        ProblemCode.EMPTY_FILE,
        ProblemCode.UNSUPPORTED_FORMAT,
        ProblemCode.TRUNCATED,
        ProblemCode.MALFORMED,
        ProblemCode.TOO_LARGE,
        ProblemCode.ANIMATED,
        ProblemCode.UNSUPPORTED_PIXELS,
        ProblemCode.RESIDUE_LEFT,
        ProblemCode.CLOAK_TOO_WEAK,
        ProblemCode.CLOAK_TOO_VISIBLE,
        ProblemCode.DECODER_DISAGREES,
    }
)
"""What the same photo would meet again in the same version of the program."""


@dataclass(frozen=True)
class Note:
    """What is known about a photo under one treatment."""

    kind: OutcomeKind
    copy_sha256: str | None
    copy_bytes: int
    text: str

    def outcome(self, source: Path, output: Path | None) -> Outcome:
        """The outcome as it was, for files of these names."""
        return outcome_of(self.text, source, output)


class Journal:
    """The notes in ``folder``; a context manager. Several processes may use it at once.

    ``folder`` None keeps the notes in memory, for one run. A journal that cannot be read is set aside under another name
    and a new one begun. Raises ``Failed``: JOURNAL_UNAVAILABLE where there can be none, DISK_FULL.
    """

    def __init__(self, folder: Path | None) -> None:
        self._place = ":memory:"
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise Failed(ProblemCode.JOURNAL_UNAVAILABLE) from error
            self._place = str(folder / NAME)
        self._base = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.Error):
            self._base.close()

    def find(self, content: bytes, treatment: bytes) -> Note | None:
        """What came of a photo with this content under this treatment; None where it has to be tried (again)."""
        with _named_errors():
            row = self._base.execute(
                "SELECT kind, problem, version, copy_sha256, copy_bytes, outcome FROM photo WHERE content = ? AND treatment = ?",
                (content, treatment),
            ).fetchone()
        if row is None:
            return None
        kind, problem, version, sha256, size, text = row
        if problem in _LASTING and sha256 is None and version != __version__:
            return None
        try:
            note = Note(OutcomeKind(kind), sha256, size or 0, text)
            note.outcome(Path(), None)
        except ValueError:  # of a version that knew other words
            return None
        return note

    def add(self, content: bytes, treatment: bytes, outcome: Outcome) -> None:
        """Note what came of a photo; on disk when this returns. What may end otherwise next time is not noted."""
        has_copy = outcome.output is not None and outcome.proof is not None
        problem = None if outcome.problem is None else outcome.problem.code
        if not has_copy and problem not in _LASTING:
            return
        copy = (outcome.proof.sha256, outcome.proof.size_bytes) if has_copy and outcome.proof else (None, None)
        with _named_errors(), self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO photo VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (content, treatment, outcome.kind.value, problem, __version__, *copy, text_of(outcome)),
            )

    def made(self, sha256: str, *, kind: OutcomeKind | None = None) -> bool:
        """Whether a file with this content is a copy that was made here (and ended as ``kind``)."""
        with _named_errors():
            found = self._base.execute("SELECT kind FROM photo WHERE copy_sha256 = ?", (sha256,)).fetchall()
        return any(kind is None or kind == one for (one,) in found)

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.DatabaseError as error:
            if self._place == ":memory:" or isinstance(error, sqlite3.OperationalError):
                raise _named(error) from error
        path = Path(self._place)
        try:
            path.rename(free_name(path.with_name("journal-unreadable.sqlite")))
            for end in ("-wal", "-shm"):
                Path(f"{path}{end}").unlink(missing_ok=True)
            return self._connected()
        except (OSError, sqlite3.Error) as error:
            raise Failed(ProblemCode.JOURNAL_UNAVAILABLE) from error

    def _connected(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._place, timeout=_PATIENCE_S)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute(
                "PRAGMA synchronous = FULL"
            )  # a note must not be lost by a power cut after its copy got its name
            _check_layout(base)
            with base:
                base.executescript(_TABLES)
                base.execute(f"PRAGMA user_version = {_LAYOUT}")
        except BaseException:
            base.close()
            raise
        return base


def _check_layout(base: sqlite3.Connection) -> None:
    (layout,) = base.execute("PRAGMA user_version").fetchone()
    if layout not in {0, _LAYOUT}:
        raise sqlite3.DatabaseError


def forget(folder: Path) -> bool:
    """Erase all notes in ``folder``; whether there were any. Raises ``Failed`` JOURNAL_UNAVAILABLE."""
    path = folder / NAME
    if not path.exists():
        return False
    try:
        # Content first: a name that is gone leaves its bytes on the disk for long.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=1)) as base:
            base.executescript("PRAGMA secure_delete = ON; DELETE FROM photo; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
        for file in folder.glob("journal*.sqlite*"):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise Failed(ProblemCode.JOURNAL_UNAVAILABLE) from error
    return True


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error) from error


def _named(error: sqlite3.Error) -> Failed:
    is_full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
    return Failed(ProblemCode.DISK_FULL if is_full else ProblemCode.JOURNAL_UNAVAILABLE)
