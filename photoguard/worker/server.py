"""The loop inside an engine process: one request at a time, stop and pause heard in between."""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Protocol

from photoguard.domain import Progress, ProgressListener
from photoguard.errors import Cancelled, PhotoguardError, Problem, ProblemCode
from photoguard.worker.messages import Answer, Order, Pause, Progressed, Request, Stop, Stopped, Unable

_LEAST_GAP_S = 0.05
"""Progress within one stage is told at most this often."""
_REST_S = 0.05


class Engine(Protocol):
    """What does the work."""

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        """Do one request. ``listener`` is to be called often; it raises ``Cancelled`` when the work is to stop."""
        ...


EngineFactory = Callable[[], Engine]
"""A picklable function; called once, inside the engine process."""


def serve(connection: Connection, factory: EngineFactory) -> None:
    """Answer requests until the other end closes; the whole life of an engine process."""
    _have_streams()
    threading.current_thread().name = "engine"
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    wishes = _Wishes()
    threading.Thread(target=_hear, args=(connection, requests, wishes), name="ear", daemon=True).start()
    engine: Engine | None = None
    while True:
        request = requests.get()
        try:
            if engine is None:
                engine = factory()
            answer = engine.answer(request, _Teller(connection, request.ticket, wishes))
        except Cancelled:
            answer = Stopped(request.ticket)
        except PhotoguardError as error:
            answer = Unable(request.ticket, error.problem)
        except MemoryError:
            answer = Unable(request.ticket, Problem(ProblemCode.OUT_OF_MEMORY))
        except Exception as error:  # noqa: BLE001 - one request's surprise must not end the others
            answer = Unable(request.ticket, Problem(ProblemCode.INTERNAL, {"kind": type(error).__name__}))
        connection.send(answer)


class _Wishes:
    """What the user wants meanwhile; written by the ear, read by the work."""

    def __init__(self) -> None:
        self.stopped: set[int] = set()
        self.is_paused = False


class _Teller:
    """Sends progress, rests while paused, and stops the work when asked."""

    def __init__(self, connection: Connection, ticket: int, wishes: _Wishes) -> None:
        self._connection = connection
        self._ticket = ticket
        self._wishes = wishes
        self._last: Progress | None = None
        self._told_at = 0.0

    def __call__(self, progress: Progress) -> None:
        self._check()
        now = time.monotonic()
        is_new_stage = self._last is None or self._last.stage is not progress.stage
        if is_new_stage or now - self._told_at >= _LEAST_GAP_S:
            self._last, self._told_at = progress, now
            self._connection.send(Progressed(self._ticket, progress))
        while self._wishes.is_paused:
            time.sleep(_REST_S)
            self._check()

    def _check(self) -> None:
        if self._ticket in self._wishes.stopped:
            raise Cancelled


def _hear(connection: Connection, requests: queue.SimpleQueue[Request], wishes: _Wishes) -> None:
    """Take in messages while the work goes on; end the process when nobody is there any more."""
    while True:
        try:
            message: Request | Order = connection.recv()
        except (EOFError, OSError):
            from photoguard.output import abandon_all

            abandon_all()
            os._exit(0)
        if isinstance(message, Stop):
            wishes.stopped.add(message.ticket)
        elif isinstance(message, Pause):
            wishes.is_paused = message.is_wanted
        else:
            requests.put(message)


def _have_streams() -> None:
    """Give windowed programs, which have none, streams that swallow what libraries print."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the process' life
