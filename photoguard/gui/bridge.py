"""Engine processes as one Qt object: a light one that looks, a heavy one that protects, one that installs models."""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, Signal

from photoguard.worker.client import EngineClient
from photoguard.worker.engines import cloaking, keeping, reading
from photoguard.worker.messages import Event, FindFaces, GetModels, ListModels, Look, Request, ShowPair, TakeModel
from photoguard.worker.server import EngineFactory


class Bridge(QObject):
    """Requests go out by :meth:`ask`; events come back as a signal in the window's thread."""

    heard = Signal(object)

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
        """Answers about ``ticket`` are not wanted any more."""
        self._light.stop(ticket)
        self._heavy.stop(ticket)

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
        """Called in a client's thread; Qt carries the signal over."""
        if self._is_open:
            self.heard.emit(event)
