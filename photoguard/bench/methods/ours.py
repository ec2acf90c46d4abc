"""photoguard itself, through the very function that every front end calls."""

from __future__ import annotations

from dataclasses import dataclass

from photoguard.bench.methods.protocol import Task, Written
from photoguard.domain import OutcomeKind, ProgressListener
from photoguard.errors import Failed, Problem, ProblemCode
from photoguard.pipeline import protect
from photoguard.toolbox import Toolbox


@dataclass(frozen=True)
class Ours:
    name: str = "photoguard"
    sources: tuple[str, ...] = (
        "cloak",
        "encoders",
        "faces",
        "perception",
        "pixels",
        "pipeline.py",
        "bench/methods/ours.py",
    )

    def protect(self, task: Task, toolbox: Toolbox, listener: ProgressListener) -> Written:
        outcome = protect(task.source, task.destination, task.options, toolbox, listener)
        if outcome.problem is not None and outcome.problem.code is ProblemCode.INTERNAL:
            # a mistake of the program's is not a photo that was given up
            raise Failed(ProblemCode.INTERNAL, **outcome.problem.facts)
        if outcome.kind is not OutcomeKind.PROTECTED:
            return Written(None, outcome.problem or Problem(ProblemCode.INTERNAL, {"kind": outcome.kind}))
        return Written(outcome.output)
