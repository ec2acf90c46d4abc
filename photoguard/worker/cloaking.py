"""The heavy engine: the same pipeline as the command line, its models loaded once."""

from __future__ import annotations

from dataclasses import replace

from photoguard import pipeline
from photoguard.domain import Options, Progress, ProgressListener, Stage
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.policy import policy
from photoguard.toolbox import Toolbox, toolbox_for
from photoguard.worker.chosen_faces import ChosenFaces
from photoguard.worker.known_models import known_models
from photoguard.worker.messages import Answer, Finished, Protect, Request, Scrub, Warm, WarmUp


def cloaking_engine(threads: int = 0) -> CloakingEngine:
    """Factory for the process; ``threads`` of the processor at most, 0: as many as there are."""
    return CloakingEngine(threads)


class CloakingEngine:
    """Answers ``WarmUp``, ``Protect`` and ``Scrub``."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._toolboxes: dict[tuple[object, ...], Toolbox] = {}

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        listener(Progress(Stage.READING))
        if isinstance(request, Scrub):
            return Finished(request.ticket, pipeline.scrub(request.source, request.destination, listener))
        if isinstance(request, WarmUp):
            return Warm(request.ticket, self._toolbox(policy().options(request.options)).models)
        if isinstance(request, Protect):
            # what an administrator fixed counts here too, whatever was asked for
            options = policy().options(request.options)
            toolbox = self._toolbox(options)
            if request.left_out or request.added:
                chosen = ChosenFaces(toolbox.detector, request.left_out, request.added)
                toolbox = replace(toolbox, detector=chosen)
            outcome = pipeline.protect(request.source, request.destination, options, toolbox, listener)
            return Finished(request.ticket, outcome)
        raise UsageMistake(ProblemCode.INTERNAL, kind=type(request).__name__)

    def _toolbox(self, options: Options) -> Toolbox:
        # a model that was installed meanwhile takes part from the next photo on
        installed = tuple(line.name for line in known_models())
        key = options.models, options.detector, options.shield_edits, options.persona, installed
        if key not in self._toolboxes:
            import torch

            if self._threads:
                torch.set_num_threads(self._threads)
            self._toolboxes = {key: toolbox_for(options)}
        return self._toolboxes[key]
