"""Tells which photos have arrived in a folder and are written completely."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from photoguard.batch.discovery import Job, Naming, discover
from photoguard.errors import ProblemCode, UsageMistake

QUIET_S = 2.0
"""A file whose size and time stand still this long is taken for complete. Cameras, browsers and phones write on within a
second; a copy that stalls longer is looked at again when it goes on, since its content is another one then."""
_LOOK_AGAIN_S = 60.0
"""Network folders tell nothing; a look now and then finds what came there."""


class Arrivals:
    """Watches ``folder``; a context manager.

    :meth:`settled` yields batches of jobs for what is new or has changed since it was last yielded. Raises
    ``UsageMistake`` WATCH_OVERLAPS where one folder lies in the other, NO_PHOTOS where ``folder`` is none.
    """

    def __init__(
        self, folder: Path, out: Path, naming: Naming = Naming.KEEP, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        here, there = folder.resolve(), out.resolve()
        if here == there or here in there.parents or there in here.parents:
            raise UsageMistake(ProblemCode.WATCH_OVERLAPS)
        if not folder.is_dir():
            raise UsageMistake(ProblemCode.NO_PHOTOS)
        self._folder, self._out, self._naming = folder, out, naming
        self._clock = clock
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}
        """State of each photo and since when it is in it."""
        self._handed_out: dict[Path, tuple[int, int]] = {}
        self._has_news = True
        self._looked_at = float("-inf")
        self._observer = _observed(folder, self._hear)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._observer is not None:
            self._observer.stop()  # type: ignore[attr-defined]

    def settled(self, check: Callable[[], None], pause: Callable[[float], None] = time.sleep) -> Iterator[list[Job]]:
        """Batches without end; ``check`` is called several times a second and may raise ``Cancelled``.

        What is given out is not given out again unless it changes: call :meth:`again` for what should be retried.
        """
        while True:
            check()
            batch = self.look()
            if batch:
                yield batch
            else:
                pause(0.2)

    def look(self) -> list[Job]:
        """The jobs that are ready now; looks at the disk only where there is reason to."""
        now = self._clock()
        is_waiting = any(self._handed_out.get(path) != state for path, (state, _) in self._seen.items())
        if not (self._has_news or is_waiting or now - self._looked_at > _LOOK_AGAIN_S):
            return []
        self._has_news, self._looked_at = False, now
        jobs = discover([self._folder], self._out, self._naming)
        ready = []
        for job in jobs:
            if job.problem is not None:  # an empty folder is nothing to tell about here
                continue
            state = _state(job.source)
            if state is None:
                self._seen.pop(job.source, None)
                continue
            known, since = self._seen.get(job.source, (None, now))
            if state != known:
                since = now
            self._seen[job.source] = state, since
            if state[0] and self._handed_out.get(job.source) != state and now - since >= QUIET_S:
                self._handed_out[job.source] = state
                ready.append(job)
        return ready

    def again(self, source: Path) -> None:
        """Give ``source`` out once more at the next look."""
        self._handed_out.pop(source, None)

    def _hear(self) -> None:
        self._has_news = True


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _observed(folder: Path, hear: Callable[[], None]) -> object | None:
    """Start listening; None where the system cannot (then the look now and then must do)."""
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Ear(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.event_type not in {"opened", "closed_no_write"}:  # our own reading is no news
                hear()

    observer = Observer()
    observer.daemon = True
    try:
        observer.schedule(Ear(), str(folder), recursive=True)
        observer.start()
    except OSError:
        return None
    return observer
