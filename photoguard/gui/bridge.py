"""Engine processes as one Qt object: a light one that looks, a heavy one that protects, one that installs models."""

from __future__ import annotations

import functools
import time
from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from photoguard.worker.client import EngineClient
from photoguard.worker.engines import cloaking, keeping, reading
from photoguard.worker.messages import Event, FindFaces, GetModels, ListModels, Look, Request, ShowPair, TakeModel
from photoguard.worker.server import EngineFactory

_TURN_S = 0.015
"""How long events may be told in one go before the window's other business gets its turn."""


class Bridge(QObject):
    """Requests go out by :meth:`ask`; events come back as a signal in the window's thread, in their order."""

    heard = Signal(object)
    _woken = Signal()

    def __init__(
        self,
        heavy: EngineFactory | None = None,
        light: EngineFactory = reading,
        keeper: EngineFactory = keeping,
        *,
        threads: int = 0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._light = EngineClient(light, self._emit)
        self._heavy = EngineClient(heavy or functools.partial(cloaking, threads), self._emit)
        self._keeper = EngineClient(keeper, self._emit)
        self._waiting: deque[Event] = deque()
        self._is_awake = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._tell)
        self._woken.connect(self._tell)
        self._is_open = True

    def ask(self, request: Request, *, is_urgent: bool = False) -> None:
        if isinstance(request, GetModels | TakeModel):
            client = self._keeper
        else:
            client = self._light if isinstance(request, Look | FindFaces | ShowPair | ListModels) else self._heavy
        client.submit(request, is_urgent=is_urgent)

    def stop_work(self) -> None:
        """End all that the heavy engine has to do."""
        self._heavy.stop()

    def pause_work(self, *, is_wanted: bool) -> None:
        self._heavy.pause(is_wanted=is_wanted)

    def stop_models(self) -> None:
        """End fetching and installing; what has arrived is kept."""
        self._keeper.stop()

    def forget(self, ticket: int) -> None:
        """What was asked about a photo by ``ticket`` need not be looked at any more."""
        self._light.stop(ticket)

    @property
    def worker_id(self) -> int | None:
        """Process number of the heavy engine."""
        return self._heavy.process_id

    def close(self) -> None:
        """End all processes; no signal comes after this."""
        self._is_open = False
        self._heavy.close()
        self._light.close()
        self._keeper.close()

    def _emit(self, event: Event) -> None:
        """Called in a client's thread; Qt carries the wake-up over.

        A signal for each event would do, but Qt hands out all that have arrived before it looks at a timer: thousands
        of photos that are there already would hold the window up.
        """
        self._waiting.append(event)
        if self._is_open and not self._is_awake:
            self._is_awake = True
            self._woken.emit()

    def _tell(self) -> None:
        """Tell what has arrived, for a short while; the rest follows when the window has had its turn."""
        self._is_awake = False  # first: an event that comes from here on wakes this again
        end = time.monotonic() + _TURN_S
        while self._waiting and self._is_open and time.monotonic() < end:
            self.heard.emit(self._waiting.popleft())
        if self._waiting and self._is_open:
            self._is_awake = True
            self._turn.start()
