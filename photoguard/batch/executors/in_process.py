"""One photo after the other in this very process: no second copy of the models in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from photoguard.batch.executors.executor import Ended, Glance, Glanced, Report, Task, Tell
from photoguard.batch.treatment import Practice, Readiness, Treatment
from photoguard.domain import Progress


class InProcess:
    """An executor that works while it is waited for."""

    capacity = 1

    def __init__(self, treatment: Treatment, practice: Practice | None = None) -> None:
        """``practice``: one of ``treatment`` whose models are loaded; it needs no :meth:`start`."""
        self._treatment = treatment
        self._practice = practice
        self._waiting: deque[Task] = deque()

    def start(self, check: Callable[[], None]) -> Readiness:
        check()
        self._practice = Practice(self._treatment)
        return self._practice.readiness

    def submit(self, task: Task) -> None:
        self._waiting.append(task)

    def wait(self, tell: Tell, patience_s: float = 0.0) -> Sequence[Report]:
        if not self._waiting:
            return ()
        del patience_s  # the work itself takes its time
        assert self._practice is not None
        task = self._waiting.popleft()

        def listen(progress: Progress) -> None:
            tell(task.ticket, progress)

        if isinstance(task, Glance):
            return (Glanced(task.ticket, self._practice.sight(task.source, listen)),)
        return (Ended(task.ticket, self._practice.treat(task.source, task.destination, listen, task.cast)),)

    def close(self) -> None:
        self._waiting.clear()
