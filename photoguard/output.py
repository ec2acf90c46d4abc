"""The only place that touches the destination disk.

A new file is written beside its destination under a temporary name, forced to the disk, re-read and
judged by the caller, and only then given its name, never over an existing one.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import itertools
import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from photoguard.errors import Failed, PhotoguardError, ProblemCode, Refused

if TYPE_CHECKING:
    from io import FileIO

_Result = TypeVar("_Result")

# Virus scanners and indexers hold fresh files for a moment.
_TRANSIENT = frozenset({errno.EBUSY, errno.EPERM, errno.EACCES})
_PAUSES_S = (0.02, 0.05)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# What a file system without hard links (FAT, exFAT, many network and FUSE ones) answers to link().
_NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
_NO_SUCH_RENAME = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})

_TEMPORARY = re.compile(r"\.photoguard-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{8}\.[a-z0-9]{1,5}")
_PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_FOREIGN_AGE_S = 24 * 3600
"""Another machine's processes cannot be asked after; a day is longer than any photo takes."""
_LONGEST_NAME_BYTES = 255
_PIECE_BYTES = 1 << 18


class Candidate:
    """A new file that has no name yet: write it, re-read it, then commit it or leave nothing.

    A context manager; leaving it without :meth:`commit`, by any exception too, removes the file.

    ``destination`` must not exist; its folders are made. ``source`` guards against writing onto the
    source by another path, and gives its times to the copy with ``keep_times``.

    Raises ``Refused``: OUTPUT_EXISTS, OUTPUT_IS_SOURCE; ``Failed``: OUTPUT_NOT_WRITABLE, DISK_FULL.
    """

    def __init__(self, destination: Path, *, source: Path | None = None, keep_times: bool = False) -> None:
        self.destination = destination
        self._source = source
        self._times = _times(source) if keep_times and source is not None else None
        self._temporary = destination.with_name(_temporary_name())
        self._file: FileIO | None = None

    def __enter__(self) -> Self:
        _check_free(self.destination, self._source)
        with _named_errors():
            _make_folder(self.destination.parent)
            _OPEN.add(self._temporary)
            self._file = _patiently(lambda: _created(self._temporary))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            self._file.close()
        self._file = None
        _OPEN.discard(self._temporary)
        # A name that resists is recognised and swept by a later run.
        with suppress(OSError):
            _patiently(lambda: self._temporary.unlink(missing_ok=True))

    def write(self, data: bytes) -> None:
        """Make ``data`` the whole content and force it to the disk."""
        file = self._opened()
        with _named_errors():
            file.seek(0)
            file.truncate()
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())

    def read(self) -> bytes:
        """Read back what was written, for judging."""
        file = self._opened()
        with _named_errors():
            file.seek(0)
            return file.read()

    def holds(self, data: bytes) -> bool:
        """Whether the file gives back ``data``, to the last byte; read in pieces, so that it takes no memory."""
        file = self._opened()
        with _named_errors():
            file.seek(0)
            at, end = 0, len(data)
            while piece := file.read(_PIECE_BYTES):
                if piece != data[at : at + len(piece)]:
                    return False
                at += len(piece)
            return at == end

    def commit(self) -> Path:
        """Give the file its name and return it; refuses when the name was taken meanwhile."""
        file = self._opened()
        with _named_errors():
            file.close()
            if self._times is not None:
                os.utime(self._temporary, ns=self._times)
            _patiently(lambda: _publish(self._temporary, self.destination))
        self._file = None
        _OPEN.discard(self._temporary)
        _sync_folder(self.destination.parent)
        return self.destination

    def _opened(self) -> FileIO:
        if self._file is None:
            raise ValueError("a candidate is used inside its with block, before commit")
        return self._file


def abandon_all() -> None:
    """Remove the unfinished files of this process; for a program that must end at once."""
    for path in tuple(_OPEN):
        with suppress(OSError):
            path.unlink()


def replace_own(path: Path, data: bytes) -> None:
    """Write a file of the program's own, such as a report, over its former version, whole or not at all.

    Raises ``OSError``; the caller has made sure that what is replaced is its own.
    """
    temporary = path.with_name(_temporary_name())
    try:
        with os.fdopen(_descriptor(temporary), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


_OPEN: set[Path] = set()
"""Temporary files that exist now; a set, because threads add and discard."""


def free_name(path: Path, is_taken: Callable[[Path], bool] = os.path.lexists) -> Path:
    """Return ``path`` itself or the first of ``name-1.jpg``, ``name-2.jpg``, ... that is not taken.

    Names stay within the 255 bytes that file systems allow.
    """
    if not is_taken(path):
        return path
    for number in itertools.count(1):
        ending = f"-{number}{path.suffix}"
        stem = path.stem
        while len(os.fsencode(stem + ending)) > _LONGEST_NAME_BYTES and len(stem) > 1:
            stem = stem[:-1]
        candidate = path.with_name(stem + ending)
        if not is_taken(candidate):
            return candidate
    raise AssertionError  # itertools.count does not end


def sweep(folder: Path) -> int:
    """Remove temporary files that killed runs left in ``folder``; return how many.

    Files of processes that still run are left alone, and those of another machine for a day.
    """
    removed = 0
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            match = _TEMPORARY.fullmatch(entry.name)
            if match is None:
                continue
            with suppress(OSError):
                if _is_stale(match, entry.stat(follow_symlinks=False).st_mtime):
                    Path(entry.path).unlink()
                    removed += 1
    return removed


def staging(destination: Path) -> Path:
    """A hidden name beside ``destination``, for a proven copy that waits for :func:`publish`.

    It has the suffix of ``destination``; :func:`sweep` removes what a killed run left under such a name.
    """
    suffix = destination.suffix.lower()
    return destination.with_name(_temporary_name(suffix if _PLAIN_SUFFIX.fullmatch(suffix) else ".tmp"))


def publish(staged: Path, destination: Path) -> Path:
    """Give a whole file of :func:`staging` its name and return it, never over an existing one.

    Raises ``Refused`` OUTPUT_EXISTS; ``Failed`` OUTPUT_NOT_WRITABLE, DISK_FULL. ``staged`` is gone only on success.
    """
    _check_free(destination, None)
    with _named_errors():
        _patiently(lambda: _publish(staged, destination))
    _sync_folder(destination.parent)
    return destination


def discard(staged: Path) -> None:
    """Remove what lies under a name of :func:`staging`, whatever suffix its content gave it."""
    with suppress(OSError):
        for path in staged.parent.glob(f"{staged.stem}.*"):
            path.unlink(missing_ok=True)


def _temporary_name(suffix: str = ".tmp") -> str:
    return f".photoguard-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}{suffix}"


def _machine() -> str:
    """Make a word for this machine that does not tell its name."""
    return hashlib.blake2b(socket.gethostname().encode(), digest_size=4).hexdigest()


def _times(source: Path) -> tuple[int, int] | None:
    """Read access and change times in nanoseconds; None for a source that vanished meanwhile."""
    try:
        status = source.stat()
    except OSError:
        return None
    return status.st_atime_ns, status.st_mtime_ns


def _check_free(destination: Path, source: Path | None) -> None:
    """Refuse a taken name; a dangling link counts as taken."""
    if not os.path.lexists(destination):
        return
    with suppress(OSError):
        if source is not None and destination.samefile(source):
            raise Refused(ProblemCode.OUTPUT_IS_SOURCE)
    raise Refused(ProblemCode.OUTPUT_EXISTS)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # a file stands where a folder is needed
        raise Failed(ProblemCode.OUTPUT_NOT_WRITABLE) from None


def _created(path: Path) -> FileIO:
    return os.fdopen(_descriptor(path), "r+b", buffering=0)


def _descriptor(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # Ordinary permissions by the user's umask, never the source's.
    return os.open(path, flags, 0o666)


def _publish(temporary: Path, destination: Path) -> None:
    """Rename, refusing an existing name."""
    if sys.platform == "win32":
        temporary.rename(destination)
        return
    try:
        os.link(temporary, destination)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_without_links(temporary, destination)
        return
    # From here on the file has its name; a temporary one that resists is swept later.
    with suppress(OSError):
        _patiently(lambda: temporary.unlink(missing_ok=True))


def _rename_without_links(temporary: Path, destination: Path) -> None:
    try:
        _rename_exclusively(temporary, destination)
    except OSError as error:
        if error.errno not in _NO_SUCH_RENAME:
            raise
        _rename_onto_reservation(temporary, destination)


def _rename_exclusively(temporary: Path, destination: Path) -> None:
    """Ask the kernel for a rename that never replaces; OSError with EINVAL or ENOSYS where it cannot."""
    library = ctypes.CDLL(None, use_errno=True)
    old, new = os.fsencode(temporary), os.fsencode(destination)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        at_working_folder, no_replace = -100, 1  # AT_FDCWD, RENAME_NOREPLACE
        status = library.renameat2(at_working_folder, old, at_working_folder, new, no_replace)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        rename_excl = 4
        status = library.renamex_np(old, new, rename_excl)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if status:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _rename_onto_reservation(temporary: Path, destination: Path) -> None:
    """Take the name with an empty file first; the last resort, since a kill in between leaves that."""
    _created(destination).close()
    try:
        temporary.replace(destination)
    except BaseException:
        with suppress(OSError):
            destination.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _patiently(action: Callable[[], _Result]) -> _Result:
    """Repeat an action that fails by a lock which may go away."""
    for pause in _PAUSES_S:
        try:
            return action()
        except OSError as error:
            if error.errno not in _TRANSIENT:
                raise
        time.sleep(pause)
    return action()


@contextmanager
def _named_errors() -> Iterator[None]:
    """Name the ways in which a disk says no."""
    try:
        yield
    except OSError as error:
        raise _named(error) from None


def _named(error: OSError) -> PhotoguardError:
    if error.errno in _FULL:
        return Failed(ProblemCode.DISK_FULL)
    if error.errno == errno.EEXIST:
        return Refused(ProblemCode.OUTPUT_EXISTS)
    return Failed(ProblemCode.OUTPUT_NOT_WRITABLE)


def _is_stale(match: re.Match[str], written: float) -> bool:
    if match["machine"] != _machine():
        return time.time() - written > _FOREIGN_AGE_S
    process = int(match["process"])
    if not _is_running(process):
        return True
    started = _started(process)
    # The number was given to a younger process: its first owner is gone.
    return started is not None and written < started - 1


def _is_running(process: int) -> bool:
    if sys.platform == "win32":  # os.kill would end the process there
        query_limited, still_active = 0x1000, 259
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(query_limited, 0, process)
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == still_active
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _started(process: int) -> float | None:
    """When a process began, in seconds of the clock that file times use; None where unknown."""
    try:
        # Behind the name in brackets, which may hold anything: field 22, in clock ticks since boot.
        ticks = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])
        boot = re.search(r"^btime (\d+)", Path("/proc/stat").read_text(), re.MULTILINE)
        return None if boot is None else int(boot[1]) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
