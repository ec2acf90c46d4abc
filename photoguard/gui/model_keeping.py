"""The models on this computer: asked for, fetched and installed by an engine of their own. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from photoguard.domain import Progress, Stage
from photoguard.gui.bridge import Bridge
from photoguard.worker.messages import Event, GetModels, ListModels, ModelsListed, Progressed, TakeModel, Unable


class ModelKeeping(QObject):
    """Lists models, and fetches or installs one thing at a time."""

    listed = Signal(object)
    """A tuple of ``ModelLine``."""
    changing = Signal(object)
    """A ``Progress`` while models are fetched or installed; None when that ended."""
    ended = Signal(object)
    """How that ended: a ``Problem``, ``True`` when all is installed, ``False`` when it was stopped."""

    def __init__(self, bridge: Bridge, tickets: Iterator[int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tickets = tickets
        self._change: int | None = None
        self._is_asked = False
        self.can_shield = False
        """Whether a shield against editors can be worked out, as far as is known."""
        bridge.heard.connect(self._hear)

    def ask(self) -> None:
        """Ask which models there are."""
        self._is_asked = True
        self._bridge.ask(ListModels(next(self._tickets)), is_urgent=True)

    def ask_once(self) -> None:
        """Ask unless somebody has asked before."""
        if not self._is_asked:
            self.ask()

    def get(self, *names: str) -> None:
        """Fetch models; the only thing in the window that uses the network."""
        self._begin(GetModels(next(self._tickets), names))

    def take(self, path: Path) -> None:
        """Install a model file or a pack."""
        self._begin(TakeModel(next(self._tickets), path))

    def stop(self) -> None:
        """End fetching and installing; what has arrived is kept for the next time."""
        self._bridge.stop_models()

    def _begin(self, request: GetModels | TakeModel) -> None:
        if self._change is None:
            self._change = request.ticket
            self._bridge.ask(request)
            self.changing.emit(Progress(Stage.READING))

    def _hear(self, event: Event) -> None:
        if isinstance(event, ModelsListed):
            self.can_shield = event.can_shield
        if event.ticket == self._change:
            self._hear_change(event)
        elif isinstance(event, ModelsListed):
            self.listed.emit(event.models)

    def _hear_change(self, event: Event) -> None:
        if isinstance(event, Progressed):
            self.changing.emit(event.progress)
            return
        self._change = None
        self.changing.emit(None)
        if isinstance(event, ModelsListed):
            self.listed.emit(event.models)
        else:
            # models before the failure are there
            self.ask()
        self.ended.emit(event.problem if isinstance(event, Unable) else isinstance(event, ModelsListed))
