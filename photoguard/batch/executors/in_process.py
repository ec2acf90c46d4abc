"""One photo after the other in this very process: no second copy of the models in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from photoguard.batch.executors.executor import Ended, Errand, Tell
from photoguard.batch.treatment import Practice, Readiness, Treatment


class InProcess:
    """An executor that works while it is waited for."""

    capacity = 1

    def __init__(self, treatment: Treatment, practice: Practice | None = None) -> None:
        """``practice``: one of ``treatment`` whose models are loaded; it needs no :meth:`start`."""
        self._treatment = treatment
        self._practice = practice
        self._waiting: deque[Errand] = deque()

    def start(self, check: Callable[[], None]) -> Readiness:
        check()
        self._practice = Practice(self._treatment)
        return self._practice.readiness

    def submit(self, errand: Errand) -> None:
        self._waiting.append(errand)

    def wait(self, tell: Tell, patience_s: float = 0.0) -> Sequence[Ended]:
        if not self._waiting:
            return ()
        del patience_s  # the work itself takes its time
        assert self._practice is not None
        errand = self._waiting.popleft()
        outcome = self._practice.treat(
            errand.source, errand.destination, lambda progress: tell(errand.ticket, progress)
        )
        return (Ended(errand.ticket, outcome),)

    def close(self) -> None:
        self._waiting.clear()
