"""The engine that fetches and installs models; it may be killed at any time and leaves whole models only."""

from __future__ import annotations

from photoguard import models
from photoguard.domain import Progress, ProgressListener, Stage
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.packs.archive import is_pack
from photoguard.packs.download import Transfer
from photoguard.packs.importing import Claim
from photoguard.packs.registry import Offer
from photoguard.worker.known_models import models_listed
from photoguard.worker.messages import Answer, GetModels, Request, TakeModel


class KeepingEngine:
    """Answers ``GetModels`` and ``TakeModel``."""

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        listener(Progress(Stage.READING))
        if isinstance(request, GetModels):
            _get(request.names, listener)
        elif isinstance(request, TakeModel):
            _take(request, listener)
        else:
            raise UsageMistake(ProblemCode.INTERNAL, kind=type(request).__name__)
        return models_listed(request.ticket)


def keeping_engine() -> KeepingEngine:
    return KeepingEngine()


def _get(names: tuple[str, ...], listener: ProgressListener) -> None:
    def listen(_offer: Offer, transfer: Transfer) -> None:
        done, total = transfer.done // 1000, transfer.total // 1000
        listener(Progress(Stage.FETCHING, step=done, steps=total, seconds_left=transfer.seconds_left))

    for _ in models.get(models.chosen(names), (), listen):
        listener(Progress(Stage.CHECKING))


def _take(request: TakeModel, listener: ProgressListener) -> None:
    def check() -> None:
        listener(Progress(Stage.READING))

    if is_pack(request.path):
        models.take_in_pack(request.path, check=check)
    else:
        models.take_in(request.path, Claim(), check=check)
