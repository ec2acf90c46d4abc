"""The window's side of an engine process: sends one request at a time, stops it in time, survives its death."""

from __future__ import annotations

import multiprocessing
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from photoguard.errors import Problem, ProblemCode
from photoguard.output import sweep
from photoguard.worker.messages import (
    Event,
    Pause,
    Progressed,
    Protect,
    Request,
    Scrub,
    Stop,
    Stopped,
    Unable,
)
from photoguard.worker.server import EngineFactory, serve

PATIENCE_S = 1.2
"""How long work may take to come to a safe point after it was asked to stop; then its process is killed."""


@dataclass(frozen=True)
class _Submit:
    request: Request
    is_urgent: bool


@dataclass(frozen=True)
class _Drop:
    ticket: int | None


@dataclass(frozen=True)
class _Close:
    pass


_Wish = _Submit | _Drop | Pause | _Close


class EngineClient:
    """Keeps one engine process, started with the first request and again after it died.

    ``on_event`` is called in a thread of the client's own, once or more per request: any number of ``Progressed``, then
    exactly one answer. A request under which the process dies is answered ``Unable(ENGINE_DIED)``; the next ones go to a
    new process. All methods return at once.
    """

    def __init__(
        self, factory: EngineFactory, on_event: Callable[[Event], None], *, patience_s: float = PATIENCE_S
    ) -> None:
        self._factory = factory
        self._on_event = on_event
        self._patience_s = patience_s
        self._wishes: queue.SimpleQueue[_Wish] = queue.SimpleQueue()
        self._bell, self._button = multiprocessing.Pipe(duplex=False)
        self._waiting: deque[Request] = deque()
        self._current: Request | None = None
        self._deadline: float | None = None
        self._is_paused = False
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._keep, name="engine client", daemon=True)
        self._thread.start()

    def submit(self, request: Request, *, is_urgent: bool = False) -> None:
        """Queue ``request``, or put it before all waiting ones."""
        self._wish(_Submit(request, is_urgent))

    def stop(self, ticket: int | None = None) -> None:
        """End the request with ``ticket``, or all; each is answered ``Stopped`` within the patience."""
        self._wish(_Drop(ticket))

    def pause(self, *, is_wanted: bool) -> None:
        """Make the work rest at its next step, or go on."""
        self._wish(Pause(is_wanted))

    def close(self) -> None:
        """End the process and the thread; no event comes after this returned."""
        if not self._is_closed:
            self._is_closed = True
            self._wish(_Close())
            if threading.current_thread() is not self._thread:
                self._thread.join()

    @property
    def process_id(self) -> int | None:
        """Of the engine process; None while there is none."""
        process = self._process
        return process.pid if process is not None else None

    def _wish(self, wish: _Wish) -> None:
        self._wishes.put(wish)
        with suppress(OSError):
            self._button.send_bytes(b"!")

    def _keep(self) -> None:
        """The thread: the only one that touches the process."""
        while True:
            handles: list[Connection | int] = [self._bell]
            if self._process is not None and self._connection is not None:
                handles += [self._connection, self._process.sentinel]
            timeout = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
            ready = wait(handles, timeout)
            if self._bell in ready:
                self._bell.recv_bytes()
            while not self._wishes.empty():
                if not self._grant(self._wishes.get()):
                    self._end_process()
                    self._bell.close()
                    self._button.close()
                    return
            self._listen(ready)
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._end_process()
                self._answered(Stopped(self._current.ticket) if self._current else None)
            self._send_next()

    def _grant(self, wish: _Wish) -> bool:
        """Do what was asked for; False when it is time to go."""
        if isinstance(wish, _Close):
            return False
        if isinstance(wish, _Submit):
            (self._waiting.appendleft if wish.is_urgent else self._waiting.append)(wish.request)
        elif isinstance(wish, Pause):
            self._is_paused = wish.is_wanted
            self._say(wish)
        else:
            self._drop(wish.ticket)
        return True

    def _drop(self, ticket: int | None) -> None:
        dropped = [one for one in self._waiting if ticket is None or one.ticket == ticket]
        for request in dropped:
            self._waiting.remove(request)
            self._on_event(Stopped(request.ticket))
        if self._current is not None and ticket in {None, self._current.ticket} and self._deadline is None:
            self._deadline = time.monotonic() + self._patience_s
            self._say(Stop(self._current.ticket))

    def _listen(self, ready: Sequence[object]) -> None:
        if self._process is None or self._connection is None:
            return
        if self._connection in ready:
            try:
                event: Event = self._connection.recv()
            except Exception:  # noqa: BLE001 - a pipe cut in mid-message, or a message cut in mid-air
                self._lose()
            else:
                self._take(event)
        elif self._process.sentinel in ready:
            self._lose()

    def _take(self, event: Event) -> None:
        if self._current is None or event.ticket != self._current.ticket:
            return
        if isinstance(event, Progressed):
            if self._deadline is None:
                self._on_event(event)
        else:
            self._answered(event)

    def _lose(self) -> None:
        """The process is gone, or talks nonsense."""
        is_stopping = self._deadline is not None
        self._end_process()
        if self._current is not None:
            ticket = self._current.ticket
            problem = Problem(ProblemCode.ENGINE_DIED)
            self._answered(Stopped(ticket) if is_stopping else Unable(ticket, problem))

    def _answered(self, event: Event | None) -> None:
        self._current, self._deadline = None, None
        if event is not None:
            self._on_event(event)

    def _send_next(self) -> None:
        if self._current is not None or not self._waiting:
            return
        if self._process is None:
            self._start_process()
        self._current = self._waiting.popleft()
        self._say(self._current)

    def _say(self, message: Request | Stop | Pause) -> None:
        if self._connection is not None:
            with suppress(OSError):  # its end is noticed by the sentinel
                self._connection.send(message)

    def _start_process(self) -> None:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(
            target=serve, args=(there, self._factory), name="photoguard engine", daemon=True
        )
        self._process.start()
        there.close()
        self._connection = here
        if self._is_paused:
            self._say(Pause(is_wanted=True))

    def _end_process(self) -> None:
        """Kill the process, if any, and clear away what it left half-written."""
        process, connection = self._process, self._connection
        self._process, self._connection = None, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
            if isinstance(self._current, Protect | Scrub):
                sweep(self._current.destination.parent)
        if connection is not None:
            connection.close()
