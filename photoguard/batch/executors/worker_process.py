"""The life of a process that works on photos beside others."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from photoguard.batch.executors.executor import Ended, Glance, Glanced, Task
from photoguard.batch.executors.manners import Manners, behave
from photoguard.batch.treatment import Practice, Readiness, Treatment
from photoguard.domain import Progress
from photoguard.errors import Failed, PhotoguardError, ProblemCode

_LEAST_GAP_S = 0.1
"""Progress within one stage is told at most this often."""


@dataclass(frozen=True)
class Progressed:
    ticket: int
    progress: Progress


@dataclass(frozen=True)
class Unable:
    """The models could not be loaded."""

    error: PhotoguardError


Message = Readiness | Progressed | Ended | Glanced | Unable


def serve(connection: Connection, treatment: Treatment, manners: Manners) -> None:
    """Do tasks until the other end closes, or is gone."""
    for name in ("stdout", "stderr"):  # windowed programs have none, libraries print all the same
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the process' life
    # Ctrl-C reaches every process of a terminal; the run decides what becomes of this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    behave(manners)
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    at_work: list[Path] = []
    threading.Thread(target=_hear, args=(connection, tasks, at_work), name="ear", daemon=True).start()
    try:
        practice = _practice(treatment, manners)
    except PhotoguardError as error:
        connection.send(Unable(error))
        return
    except Exception as error:  # noqa: BLE001 - told to the user as one sentence
        connection.send(Unable(Failed(ProblemCode.INTERNAL, kind=type(error).__name__)))
        return
    connection.send(practice.readiness)
    while True:
        task = tasks.get()
        teller = _Teller(connection, task.ticket)
        if isinstance(task, Glance):
            connection.send(Glanced(task.ticket, practice.sight(task.source, teller)))
            continue
        at_work.append(task.destination)
        connection.send(Ended(task.ticket, practice.treat(task.source, task.destination, teller, task.cast)))
        at_work.clear()


def _practice(treatment: Treatment, manners: Manners) -> Practice:
    if treatment.options is not None:
        import torch

        torch.set_num_threads(manners.threads)
    return Practice(treatment)


class _Teller:
    def __init__(self, connection: Connection, ticket: int) -> None:
        self._connection = connection
        self._ticket = ticket
        self._last: Progress | None = None
        self._told_at = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        is_new_stage = self._last is None or self._last.stage is not progress.stage
        if is_new_stage or now - self._told_at >= _LEAST_GAP_S:
            self._last, self._told_at = progress, now
            self._connection.send(Progressed(self._ticket, progress))


def _hear(connection: Connection, tasks: queue.SimpleQueue[Task], at_work: list[Path]) -> None:
    """Take in tasks while the work goes on; end the process, without a trace on disk, when the run is gone."""
    while True:
        try:
            tasks.put(connection.recv())
        except (EOFError, OSError):
            from photoguard.output import abandon_all, discard

            abandon_all()
            for path in tuple(at_work):
                discard(path)
            os._exit(0)
