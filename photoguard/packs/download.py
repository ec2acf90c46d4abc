"""Fetches one file whose hash is known, from one of several origins, picking up where a former try broke off."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from photoguard.errors import Failed, ProblemCode
from photoguard.packs.network import answer

if TYPE_CHECKING:
    import httpx

SPARE_BYTES = 50_000_000
"""Room that stays free on the disk beside the file."""
_TRIES = 4
"""How often one origin is asked again after a break, as long as every try brings something."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True)
class Transfer:
    """Where a download stands."""

    origin: str
    """The server's name."""
    done: int
    total: int
    """Bytes."""
    seconds_left: float | None
    """None while nobody can tell."""


Listener = Callable[[Transfer], None]
"""Told after every few bytes; may raise ``Cancelled``."""


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True)
class _Wanted:
    """A file by its hash, and where its beginning is kept until it is whole."""

    sha256: str
    size: int
    folder: Path

    @property
    def part(self) -> Path:
        return self.folder / f"{self.sha256}.part"

    @property
    def note(self) -> Path:
        """Says from where, and from which version there, the part came."""
        return self.folder / f"{self.sha256}.json"


def download(origins: Sequence[str], sha256: str, size: int, folder: Path, listener: Listener) -> Path:
    """The whole file, inside ``folder``, with that hash and ``size`` in bytes; the caller moves or removes it.

    Origins are asked in order. What has arrived stays in ``folder`` after a break or a cancel, so that the next call
    asks only for the rest, and only when the server still has the same version (``ETag``).

    Raises ``Failed``: NO_ROOM before anything is asked for; NETWORK_FORBIDDEN; what the first origin's problem was, when none
    gave the file: OFFLINE, PROXY_REFUSED, CERTIFICATE_REFUSED, DOWNLOAD_REFUSED, DOWNLOAD_IS_PAGE, DOWNLOAD_WRONG,
    DOWNLOAD_CUT, DOWNLOAD_SLOW; DISK_FULL, MODELS_FOLDER_UNWRITABLE.
    """
    wanted = _Wanted(sha256, size, folder)
    with _named_errors():
        folder.mkdir(parents=True, exist_ok=True)
        _check_room(wanted)
    problem: Failed | None = None
    for origin in origins:
        try:
            return _from(origin, wanted, listener)
        except Failed as error:
            if error.problem.code in _OURS:
                raise
            problem = problem or error
    assert problem is not None
    raise problem


_OURS = {
    ProblemCode.NETWORK_FORBIDDEN,
    ProblemCode.DISK_FULL,
    ProblemCode.MODELS_FOLDER_UNWRITABLE,
    ProblemCode.POLICY_BROKEN,
}
"""Problems of this computer, which no other origin would solve."""


def _from(url: str, wanted: _Wanted, listener: Listener) -> Path:
    """Ask one origin, and again after a break that brought something."""
    for left in reversed(range(_TRIES)):
        before = _length(wanted.part)
        try:
            return _once(url, wanted, listener)
        except Failed as error:
            is_break = error.problem.code in {ProblemCode.DOWNLOAD_CUT, ProblemCode.DOWNLOAD_SLOW}
            if not left or not is_break or _length(wanted.part) <= before:
                raise
    raise AssertionError


def _once(url: str, wanted: _Wanted, listener: Listener) -> Path:
    """One try: the rest of the part where the server still has that version, else all of it."""
    length, note = _length(wanted.part), _noted(wanted)
    if length == wanted.size:
        with _named_errors():
            if _digest_of(wanted.part, length).hexdigest() == wanted.sha256:
                return _done(wanted)
        length = 0
    start = length if note is not None and note["url"] == url and length < wanted.size else 0
    try:
        is_whole = _asked(url, start, note or {}, wanted, listener)
    except Failed as error:
        if error.problem.code in _WORTHLESS:
            _forget(wanted)
        raise
    if is_whole:
        return _done(wanted)
    _forget(wanted)
    if start:
        # what was built on, or how the server went on, was no good: once more from the beginning
        return _once(url, wanted, listener)
    raise Failed(ProblemCode.DOWNLOAD_WRONG, origin=_host(url))


_WORTHLESS = {ProblemCode.DOWNLOAD_IS_PAGE, ProblemCode.DOWNLOAD_WRONG, ProblemCode.DISK_FULL}
"""After these nothing of the part is worth keeping, or there is no room for it."""


def _asked(url: str, start: int, note: Mapping[str, str], wanted: _Wanted, listener: Listener) -> bool:
    """Fetch everything from byte ``start`` on; whether the part is then the file that was wanted."""
    headers = {"Range": f"bytes={start}-", "If-Range": note["version"]} if start else {}
    with answer(url, headers) as response:
        if not (start and _continues(response, start, note["version"], wanted)):
            if start and response.status_code in {206, 416}:
                return False
            start = 0
            _check_answer(response, wanted, _host(url))
            _forget(wanted)
            _note(url, response, wanted)
        digest = _received(response, start, wanted, _host(url), listener)
    return digest.hexdigest() == wanted.sha256


def _continues(response: httpx.Response, start: int, version: str, wanted: _Wanted) -> bool:
    """Whether the answer is the rest of what is already here."""
    stated = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    return (
        response.status_code == 206
        and stated is not None
        and int(stated[1]) == start
        and stated[2] in {str(wanted.size), "*"}
        # a server that knows nothing of If-Range would happily go on with another file
        and _version(response) in {"", version}
    )


def _check_answer(response: httpx.Response, wanted: _Wanted, origin: str) -> None:
    """Raise ``Failed`` where the answer cannot be the file."""
    status = response.status_code
    if status == 407:
        raise Failed(ProblemCode.PROXY_REFUSED, origin=origin)
    is_page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    # 511: the network wants a sign-in first. Refusals come as pages too; there the status says more
    if status == 511 or (status < 400 and is_page):
        raise Failed(ProblemCode.DOWNLOAD_IS_PAGE, origin=origin)
    if status != 200:
        raise Failed(ProblemCode.DOWNLOAD_REFUSED, origin=origin, status=status)
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) != wanted.size and "Content-Encoding" not in response.headers:
        raise Failed(ProblemCode.DOWNLOAD_WRONG, origin=origin)


def _received(response: httpx.Response, start: int, wanted: _Wanted, origin: str, listener: Listener) -> _Digest:
    """Append the body to the part; the digest of the whole, taken on the way."""
    began, done = time.monotonic(), start
    with _named_errors(), wanted.part.open("r+b" if start else "wb") as file:
        digest = _digest_of(wanted.part, start)
        file.seek(start)
        for block in response.iter_bytes():
            if done == 0 and block.lstrip()[:1] == b"<":
                # no model begins like a page; what answers so under a false type is a sign-in page
                raise Failed(ProblemCode.DOWNLOAD_IS_PAGE, origin=origin)
            if done + len(block) > wanted.size:
                raise Failed(ProblemCode.DOWNLOAD_WRONG, origin=origin)
            file.write(block)
            digest.update(block)
            done += len(block)
            spent, fetched = time.monotonic() - began, done - start
            left = spent / fetched * (wanted.size - done) if spent > 1 else None
            listener(Transfer(origin, done, wanted.size, left))
        file.flush()
        os.fsync(file.fileno())
    if done < wanted.size:
        raise Failed(ProblemCode.DOWNLOAD_CUT, origin=origin)
    return digest


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _digest_of(path: Path, length: int) -> _Digest:
    """Of the first ``length`` bytes."""
    digest = hashlib.sha256()
    if length:
        with path.open("rb") as file:
            while length and (block := file.read(min(length, 1 << 20))):
                digest.update(block)
                length -= len(block)
    return digest


def _version(response: httpx.Response) -> str:
    """What names this version of the file; empty where nothing does that can be relied on."""
    tag: str = response.headers.get("ETag", "")
    return "" if tag.startswith("W/") else tag


def _note(url: str, response: httpx.Response, wanted: _Wanted) -> None:
    if version := _version(response):
        with _named_errors():
            wanted.note.write_text(json.dumps({"url": url, "version": version}), encoding="utf-8")


def _noted(wanted: _Wanted) -> dict[str, str] | None:
    """From where the part came; None where nothing reliable is known."""
    try:
        note = json.loads(wanted.note.read_bytes())
        return {key: str(note[key]) for key in ("url", "version")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _done(wanted: _Wanted) -> Path:
    with suppress(OSError):
        wanted.note.unlink()
    return wanted.part


def _forget(wanted: _Wanted) -> None:
    for path in (wanted.part, wanted.note):
        with suppress(FileNotFoundError):
            path.unlink()


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _check_room(wanted: _Wanted) -> None:
    free = shutil.disk_usage(wanted.folder).free
    needed = wanted.size - min(wanted.size, _length(wanted.part)) + SPARE_BYTES
    if free < needed:
        raise Failed(ProblemCode.NO_ROOM, needed_mb=math.ceil(needed / 1e6), free_mb=int(free / 1e6))


@contextmanager
def _named_errors() -> Iterator[None]:
    """Name the ways in which a disk says no."""
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        raise Failed(ProblemCode.DISK_FULL if full else ProblemCode.MODELS_FOLDER_UNWRITABLE) from error
