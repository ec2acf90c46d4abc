"""Processes beside this one, each with its own models; one that dies costs its photo and is replaced."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from photoguard.batch.executors.executor import Ended, Errand, Glanced, Report, Task, Tell
from photoguard.batch.executors.manners import Manners
from photoguard.batch.executors.worker_process import Message, Progressed, Unable, serve
from photoguard.batch.treatment import Readiness, Treatment
from photoguard.domain import Outcome, OutcomeKind
from photoguard.errors import Failed, Problem, ProblemCode
from photoguard.output import discard, sweep

_MOMENT_S = 0.2
_MOST_DEATHS = 3
"""Processes in a row that die before they could begin: it is the computer, not a photo."""


class LocalProcesses:
    """``count`` processes with spawned interpreters, started together."""

    def __init__(self, treatment: Treatment, count: int, manners: Manners) -> None:
        self.capacity = count
        self._treatment = treatment
        self._manners = manners
        self._workers: list[_Worker] = []
        self._waiting: list[Task] = []
        self._deaths = 0
        self._readiness: Readiness | None = None

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Of the processes that live now."""
        return tuple(worker.process.pid for worker in self._workers if worker.process.pid is not None)

    def start(self, check: Callable[[], None]) -> Readiness:
        self._workers = [_Worker(self._treatment, self._manners) for _ in range(self.capacity)]
        while self._readiness is None:
            check()
            self._listen(lambda _ticket, _progress: None, _MOMENT_S)
        return self._readiness

    def submit(self, task: Task) -> None:
        self._waiting.append(task)
        self._hand_out()

    def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
        ended = self._listen(tell, patience_s)
        self._hand_out()
        return ended

    def close(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._waiting.clear()

    def _hand_out(self) -> None:
        for worker in self._workers:
            if self._waiting and worker.is_ready and worker.task is None:
                worker.take(self._waiting.pop(0))

    def _listen(self, tell: Tell, patience_s: float) -> list[Report]:
        handles: dict[object, _Worker] = {}
        for worker in self._workers:
            handles |= {worker.connection: worker, worker.process.sentinel: worker}
        ended: list[Report] = []
        heard: set[int] = set()
        for handle in wait(list(handles), patience_s):  # type: ignore[arg-type]
            worker = handles[handle]
            if id(worker) in heard:
                continue
            heard.add(id(worker))
            try:
                while worker.connection.poll():
                    message: Message = worker.connection.recv()
                    ended += self._taken(worker, message, tell)
                is_gone = not worker.process.is_alive()
            except (EOFError, OSError):
                is_gone = True
            if is_gone:
                ended += self._replaced(worker)
        return ended

    def _taken(self, worker: _Worker, message: Message, tell: Tell) -> list[Report]:
        if isinstance(message, Progressed):
            tell(message.ticket, message.progress)
        elif isinstance(message, Ended | Glanced):
            worker.task = None
            return [message]
        elif isinstance(message, Unable):
            raise message.error
        else:
            worker.is_ready, self._deaths = True, 0
            self._readiness = message
        return []

    def _replaced(self, worker: _Worker) -> list[Report]:
        """Put a new process in the place of a dead one; what it was at has failed."""
        task, was_ready = worker.task, worker.is_ready
        worker.end()
        if not was_ready:
            self._deaths += 1
            if self._deaths >= _MOST_DEATHS:
                raise Failed(ProblemCode.ENGINE_DIED)
        self._workers[self._workers.index(worker)] = _Worker(self._treatment, self._manners)
        if task is None:
            return []
        if not isinstance(task, Errand):
            return [Glanced(task.ticket, None)]
        problem = Problem(ProblemCode.ENGINE_DIED)
        return [Ended(task.ticket, Outcome(task.source, None, OutcomeKind.FAILED, problem))]


class _Worker:
    """A process and what it is at."""

    def __init__(self, treatment: Treatment, manners: Manners) -> None:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=serve, args=(there, treatment, manners), name="photoguard worker", daemon=True
        )
        self.process.start()
        there.close()
        self.connection: Connection = here
        self.is_ready = False
        self.task: Task | None = None
        self._is_over = False

    def take(self, task: Task) -> None:
        self.task = task
        with suppress(OSError):  # its death is noticed by the sentinel
            self.connection.send(task)

    def end(self) -> None:
        """Kill the process and clear away what it left half-written."""
        if self._is_over:
            return
        self._is_over = True
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()
        if isinstance(self.task, Errand):
            discard(self.task.destination)
            sweep(self.task.destination.parent)
