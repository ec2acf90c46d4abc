"""photoguard itself, through the very function that every front end calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photoguard.bench.methods.protocol import Written
from photoguard.domain import Options, OutcomeKind, ProgressListener
from photoguard.errors import Problem, ProblemCode
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

    def protect(
        self, source: Path, destination: Path, options: Options, toolbox: Toolbox, listener: ProgressListener
    ) -> Written:
        outcome = protect(source, destination, options, toolbox, listener)
        if outcome.kind is not OutcomeKind.PROTECTED:
            return Written(None, outcome.problem or Problem(ProblemCode.INTERNAL, {"kind": outcome.kind}))
        return Written(outcome.output)
