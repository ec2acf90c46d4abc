"""photoguard itself, through the very function that every front end calls: each photo alone, or a person's as one folder."""

from __future__ import annotations

from dataclasses import dataclass

from photoguard.bench.methods.protocol import Task, Written
from photoguard.casting import cast_by
from photoguard.domain import Cast, OutcomeKind, ProgressListener
from photoguard.errors import Failed, Problem, ProblemCode
from photoguard.personas.store import Personas
from photoguard.pipeline import protect
from photoguard.toolbox import Toolbox

_SOURCES = ("cloak", "encoders", "faces", "perception", "pixels", "pipeline", "bench/methods/ours.py")


@dataclass(frozen=True)
class Ours:
    name: str = "photoguard"
    sources: tuple[str, ...] = _SOURCES

    def protect(self, task: Task, toolbox: Toolbox, listener: ProgressListener) -> Written:
        return self._protected(task, None, toolbox, listener)

    def _protected(self, task: Task, cast: Cast | None, toolbox: Toolbox, listener: ProgressListener) -> Written:
        outcome = protect(task.source, task.destination, task.options, toolbox, listener, cast=cast)
        if outcome.problem is not None and outcome.problem.code is ProblemCode.INTERNAL:
            # a mistake of the program's is not a photo that was given up
            raise Failed(ProblemCode.INTERNAL, **outcome.problem.facts)
        if outcome.kind is not OutcomeKind.PROTECTED:
            return Written(None, outcome.problem or Problem(ProblemCode.INTERNAL, {"kind": outcome.kind}))
        return Written(outcome.output)


@dataclass(frozen=True)
class OursInFolders(Ours):
    """As a run over a folder does it: a person's photos move away from the same person, towards the same persona.

    The person's photos are all looked at anew for every photo, so that a benchmark can stop and go on anywhere.
    """

    name: str = "photoguard-folder"
    sources: tuple[str, ...] = (*_SOURCES, "casting.py", "personas")

    def protect(self, task: Task, toolbox: Toolbox, listener: ProgressListener) -> Written:
        with Personas(None, secret=task.options.seed.to_bytes(32)) as personas:
            for photo in task.album:
                cast_by(personas, photo, task.options, toolbox, listener)
            cast = cast_by(personas, task.source, task.options, toolbox, listener)
        return self._protected(task, cast, toolbox, listener)
