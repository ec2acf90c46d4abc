"""`photoguard demo`: protects a public-domain portrait, so that one can see what it does before trusting it."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from photoguard.cli.sheet import before_and_after
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.telling import told
from photoguard.domain import Options, OutcomeKind, Progress
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, phrase
from photoguard.output import free_name

_PORTRAIT = Path("data", "astronaut.png")
"""Eileen Collins, NASA, public domain; a part of scikit-image's installation."""


def run_demo(out: Path, tongue: Language) -> int:
    """Protect the portrait into ``out`` and put a before/after sheet beside it; 0 when it ended as protected.

    Raises ``UsageMistake`` NEEDS_DEMO where scikit-image is not installed.
    """
    portrait = _portrait()
    copy = free_name(out / "astronaut.png")
    sheet = free_name(out / "before-after.png")

    def work(wish: StopWish) -> int:
        from photoguard.batch import Position
        from photoguard.cli.meter import Meter
        from photoguard.pipeline import protect
        from photoguard.toolbox import toolbox_for

        options = Options()
        with Meter(tongue) as meter:
            meter.getting_ready()
            toolbox = toolbox_for(options)

            def show(progress: Progress) -> None:
                wish.check()
                meter.show(Position(1, 1, portrait, progress))

            outcome = protect(portrait, copy, options, toolbox, show)
        print(told(outcome, tongue))
        if outcome.output is None or outcome.kind is not OutcomeKind.PROTECTED:
            return 1
        before_and_after(portrait, outcome.output, [face.box for face in outcome.faces], sheet)
        print(phrase("demo_sheet", tongue, path=sheet))
        return 0

    return run_stoppably(work, lambda: print(phrase("cancelled", tongue), file=sys.stderr))


def _portrait() -> Path:
    """Where scikit-image keeps the portrait; found without importing that package."""
    spec = find_spec("skimage")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _PORTRAIT
        if path.is_file():
            return path
    raise UsageMistake(ProblemCode.NEEDS_DEMO)
