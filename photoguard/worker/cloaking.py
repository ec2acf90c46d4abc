"""The heavy engine: the same pipeline and journal as the command line, its models loaded once."""

from __future__ import annotations

from dataclasses import replace

from photoguard.batch.treatment import Readiness, Treatment, fingerprint
from photoguard.domain import Options, Progress, ProgressListener, Stage
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.policy import policy
from photoguard.toolbox import Toolbox, toolbox_for
from photoguard.worker.chosen_faces import ChosenFaces
from photoguard.worker.doing_once import DoingOnce, fingerprint_of
from photoguard.worker.editors_view import editor_views
from photoguard.worker.known_models import known_models
from photoguard.worker.messages import (
    Answer,
    Finished,
    MeetPeople,
    PeopleMet,
    Protect,
    Request,
    Scrub,
    ShowEditorViews,
    Warm,
    WarmUp,
)


def cloaking_engine(threads: int = 0) -> CloakingEngine:
    """Factory for the process; ``threads`` of the processor at most, 0: as many as there are."""
    return CloakingEngine(threads)


class CloakingEngine:
    """Answers ``WarmUp``, ``MeetPeople``, ``Protect``, ``Scrub`` and ``ShowEditorViews``."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._loaded: tuple[object, Toolbox, Readiness] | None = None
        self._doing = DoingOnce()

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        listener(Progress(Stage.READING))
        if isinstance(request, Scrub):
            treatment = Treatment(None)
            outcome = self._doing.outcome(request, treatment, fingerprint(None, Readiness()), listener)
            return Finished(request.ticket, outcome)
        if isinstance(request, ShowEditorViews):
            from photoguard import latents

            return editor_views(request, latents.load(), listener)
        if isinstance(request, WarmUp):
            return Warm(request.ticket, self._equipment(policy().options(request.options))[1].models)
        if isinstance(request, MeetPeople):
            self._doing.meet(request.photo, *self._treatment(request.photo), listener)
            return PeopleMet(request.ticket)
        if isinstance(request, Protect):
            return Finished(request.ticket, self._doing.outcome(request, *self._treatment(request), listener))
        raise UsageMistake(ProblemCode.INTERNAL, kind=type(request).__name__)

    def _treatment(self, request: Protect) -> tuple[Treatment, bytes]:
        """How a photo is to be treated, and the fingerprint of that."""
        # what an administrator fixed counts here too, whatever was asked for
        options = policy().options(request.options)
        toolbox, readiness = self._equipment(options)
        if request.left_out or request.added:
            chosen = ChosenFaces(toolbox.detector, request.left_out, request.added)
            toolbox = replace(toolbox, detector=chosen)
        return Treatment(options, equip=lambda _options: toolbox), fingerprint_of(request, options, readiness)

    def _equipment(self, options: Options) -> tuple[Toolbox, Readiness]:
        """The models that ``options`` need, loaded and fingerprinted once."""
        # a model that was installed meanwhile takes part from the next photo on
        installed = tuple(line.name for line in known_models())
        key = options.models, options.detector, options.shield_edits, installed
        if self._loaded is None or self._loaded[0] != key:
            import torch

            if self._threads:
                torch.set_num_threads(self._threads)
            self._loaded = None  # before the next are loaded: both would need twice the memory
            toolbox = toolbox_for(options)
            self._loaded = key, toolbox, Readiness(toolbox.models, toolbox.fingerprint)
        return self._loaded[1], self._loaded[2]
