"""Which false identity belongs to whom, on this computer.

What is kept: one secret, from which every persona's seed is derived, and of each person of a photo that was protected what
four of their faces, or a few more, looked like to the encoders, sealed. No name, no path, no picture, nothing on which photos
a person is in; and names of personas are not kept, since a seed follows from secret and name.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from photoguard.domain import Looks, Part, Persona, Sighting
from photoguard.errors import Failed, ProblemCode
from photoguard.personas.forgetting import NAME
from photoguard.personas.resemblance import is_alike, resemblance
from photoguard.personas.seal import Keeper, Seal, kept_key, new_key

READER = "dlib"
"""The encoder that tells people apart; always there, so that people stay the same whatever models come and go."""
_LAYOUT = 1
_PATIENCE_S = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS kept (what TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look (number INTEGER PRIMARY KEY, seen BLOB NOT NULL);
"""
_SAME_PERSON = 0.93
"""Cosine from which on the reader takes two faces for one person's, who have one persona (docs/folders.md)."""
_SAME_FACE = 0.9999
"""Cosine from which on it is the very same photo, looked at once more."""
_MOST_LOOKS = 4
"""Faces alike that are kept, and that make a mean; more make it hardly more certain."""

_Vector = npt.NDArray[np.float32]
_Look = dict[str, _Vector]


class Personas:
    """The personas in ``folder``; a context manager. Several processes may use it at once.

    ``folder`` None keeps them in memory, for one run; ``secret`` makes those the same in every run. Raises ``Failed``:
    PERSONAS_LOCKED where those of earlier runs cannot be opened, JOURNAL_UNAVAILABLE where nothing can be kept, DISK_FULL.
    """

    def __init__(self, folder: Path | None, *, reader: str = READER, secret: bytes | None = None) -> None:
        self._reader = reader
        self._firsts: list[_Vector] = []
        """What the first face of each person looked like to the reader."""
        self._looks: list[_Look] = []
        self._last = 0
        self._is_kept = folder is not None
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _named_errors():
                self._base = _connected(":memory:" if folder is None else str(folder / NAME))
                self._seal, self._secret = self._opened(folder, secret)
        except OSError as error:
            raise Failed(ProblemCode.JOURNAL_UNAVAILABLE) from error

    @property
    def is_kept(self) -> bool:
        """Whether they are there in the next run."""
        return self._is_kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.Error):
            self._base.close()

    def cast(self, sighting: Sighting, name: str | None = None) -> tuple[Part | None, ...]:
        """The part of each face; a face like nobody's so far is a new person's. On disk when this returns.

        With ``name`` all faces get the persona of that name, else each person their own. A face belongs to the person who
        was met *first* of those that it is like enough, not to the most similar one, so who comes later does not change who
        somebody is. What a person looks like is the mean over the other looks kept by now that are most like this face, to all
        encoders that saw both; the first few of a person are kept. So whoever asks about every photo of a run once before
        asking about the first one again gets for each the same as a run that was killed and goes on, as long as photos come
        in the same order.
        """
        looks = [
            {encoder: np.asarray(vector, np.float32) for encoder, vector in look.items()} for look in sighting.looks
        ]
        with _named_errors():
            self._learn()
            places = [self._place(look) for look in looks]
            if any(self._is_news(place, look) for place, look in zip(places, looks, strict=True)):
                with self._transaction():
                    self._learn()
                    places = [self._met(look) for look in looks]
        parts: list[Part | None] = []
        for place, look in zip(places, looks, strict=True):
            if place is None:
                parts.append(None)
                continue
            whose = f"person:{place + 1}" if name is None else f"named:{name}"
            persona = Persona(name or f"person-{place + 1}", hmac.digest(self._secret, whose.encode(), hashlib.sha256))
            parts.append(Part(persona, self._person(look)))
        return tuple(parts)

    def _place(self, look: _Look) -> int | None:
        """Of the first person who is like enough; None where nobody is, or nothing can be seen."""
        if self._reader not in look or not self._firsts:
            return None
        (like,) = np.nonzero(np.stack(self._firsts) @ look[self._reader] >= _SAME_PERSON)
        return int(like[0]) if like.size else None

    def _is_news(self, place: int | None, look: _Look) -> bool:
        if self._reader not in look:
            return False
        if place is None:
            return True
        if any(self._is_same(one, look) for one in self._looks):
            return False
        return sum(is_alike(one, look) for one in self._looks) < _MOST_LOOKS

    def _is_same(self, one: _Look, other: _Look) -> bool:
        """Whether it is the very same face of the very same photo."""
        return float(one[self._reader] @ other[self._reader]) >= _SAME_FACE

    def _met(self, look: _Look) -> int | None:
        """The place of a face's owner, who is noted down where that is news."""
        place = self._place(look)
        if not self._is_news(place, look):
            return place
        place = len(self._firsts) if place is None else place
        number = self._last + 1
        sealed = self._seal.closed(_bytes_of(look, place), f"look:{number}")
        self._base.execute("INSERT INTO look VALUES (?, ?)", (number, sealed))
        self._take(number, place, look)
        return place

    def _person(self, look: _Look) -> Looks:
        """encoder -> the mean over the kept looks that are most like this one, but for itself: its photo speaks for itself."""
        others = [one for one in self._looks if is_alike(one, look) and not self._is_same(one, look)]
        alike = sorted(others, key=lambda one: -resemblance(one, look))[:_MOST_LOOKS]
        mean = {}
        for encoder in look:
            seen = [one[encoder].astype(np.float64) for one in alike if encoder in one]
            if seen:
                together = np.mean(seen, axis=0)
                mean[encoder] = tuple((together / np.linalg.norm(together)).tolist())
        return mean

    def _learn(self) -> None:
        """Take over whom other processes met meanwhile."""
        rows = self._base.execute("SELECT number, seen FROM look WHERE number > ? ORDER BY number", (self._last,))
        for number, sealed in rows.fetchall():
            self._take(number, *_look_of(self._seal.opened(sealed, f"look:{number}")))

    def _take(self, number: int, place: int, look: _Look) -> None:
        if place == len(self._firsts):
            self._firsts.append(look[self._reader])
        self._looks.append(look)
        self._last = number

    def _opened(self, folder: Path | None, given: bytes | None) -> tuple[Seal, bytes]:
        if folder is None:
            return Seal(os.urandom(32)), given or os.urandom(32)
        with self._transaction():
            kept = dict(self._base.execute("SELECT what, value FROM kept").fetchall())
            if "secret" in kept:
                seal = Seal(kept_key(folder, Keeper(kept["keeper"])))
                return seal, seal.opened(kept["secret"], "secret")
            key, keeper = new_key(folder)
            seal, secret = Seal(key), os.urandom(32)
            values = [("keeper", keeper.value), ("secret", seal.closed(secret, "secret"))]
            self._base.executemany("INSERT INTO kept VALUES (?, ?)", values)
            return seal, secret

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Nobody else writes meanwhile."""
        self._base.execute("BEGIN IMMEDIATE")
        with self._base:
            yield


def _bytes_of(look: _Look, place: int) -> bytes:
    data = io.BytesIO()
    arrays: dict[str, npt.NDArray[np.generic]] = {f"look {encoder}": vector for encoder, vector in look.items()}
    np.savez(data, place=np.array(place), **arrays)  # type: ignore[arg-type]  # its stub takes the names for a flag
    return data.getvalue()


def _look_of(data: bytes) -> tuple[int, _Look]:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return int(arrays["place"]), {
            name.removeprefix("look "): arrays[name] for name in arrays.files if name != "place"
        }


def _connected(place: str) -> sqlite3.Connection:
    base = sqlite3.connect(place, timeout=_PATIENCE_S, isolation_level=None)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        _check_layout(base)
        base.executescript(_TABLES)
        base.execute(f"PRAGMA user_version = {_LAYOUT}")
    except BaseException:
        base.close()
        raise
    return base


def _check_layout(base: sqlite3.Connection) -> None:
    (layout,) = base.execute("PRAGMA user_version").fetchone()
    if layout not in {0, _LAYOUT}:
        raise Failed(ProblemCode.PERSONAS_LOCKED)


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        is_full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
        raise Failed(ProblemCode.DISK_FULL if is_full else ProblemCode.JOURNAL_UNAVAILABLE) from error
    except sqlite3.DatabaseError as error:
        raise Failed(ProblemCode.PERSONAS_LOCKED) from error
