"""`photoguard bench protect`: protection against visibility against time."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from photoguard.cli.bars import bars
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.terminal import shown
from photoguard.domain import Platform
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, phrase

if TYPE_CHECKING:
    from photoguard.bench.running import Position


def run_bench(asked: Namespace, tongue: Language) -> int:
    """Measure; 0 when every photo was measured, 130 when cancelled. Raises ``UsageMistake``."""
    from photoguard.bench.judging import judges_in

    folder = asked.judges or os.environ.get("PHOTOGUARD_MODELS")
    if not folder:
        raise UsageMistake(ProblemCode.NO_JUDGES)
    out = Path(asked.out)

    def work(wish: StopWish) -> int:
        from photoguard.bench import portraits, report
        from photoguard.bench.description import Description
        from photoguard.bench.measuring import Laboratory
        from photoguard.bench.methods import method
        from photoguard.bench.running import run
        from photoguard.bench.summary import summarised
        from photoguard.toolbox import toolbox_for

        ways = tuple(method(name) for name in _named(asked.methods))
        everything = portraits.read(Path(asked.photos))
        with Meter(tongue) as meter:
            judges = judges_in(Path(folder))
            description = Description(
                asked.photos,
                tuple(_named(asked.models)),
                judges.names,
                tuple(way.name for way in ways),
                asked.strengths,
                Platform(asked.platform),
                asked.limit,
                asked.per_person,
                asked.seed,
            )
            # what a method's time is measured against has no part in that time
            toolbox = replace(toolbox_for(description.options(asked.strengths[0])), judges=())
            description = replace(description, surrogates=toolbox.models)
            laboratory = Laboratory(toolbox, (*judges.encoders, *toolbox.encoders), description.platform)

            def show(position: Position) -> None:
                wish.check()
                meter.show(position)

            measured = run(description, everything, laboratory, out, show)
        table = summarised(measured, judges.names, toolbox.models, judges.thresholds)
        if not table:
            raise UsageMistake(ProblemCode.NO_PHOTOS)
        written = report.write(description, table, out)
        print(written[1].read_text(encoding="utf-8"))
        for path in written:
            print(phrase("saved", tongue, path=path))
        return 0

    return run_stoppably(work, lambda: print(phrase("bench_cancelled", tongue), file=sys.stderr))


class Meter:
    """A bar with the time left, on the error stream; what an earlier run measured does not count into the speed."""

    def __init__(self, tongue: Language) -> None:
        self._tongue = tongue
        self._started = time.monotonic()
        self._bars = bars()
        self._task = self._bars.add_task(phrase("getting_ready", tongue), total=None, note="")

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, position: Position) -> None:
        note = f"{position.done}/{position.count}"
        if (fresh := position.work - position.recorded_work) > 0.3:
            spent = time.monotonic() - self._started
            left = spent / fresh * (position.whole_work - position.work)
            note += ", " + phrase("minutes_left", self._tongue, minutes=max(1, round(left / 60)))
        self._bars.update(
            self._task,
            description=shown(position.what),
            total=position.whole_work,
            completed=position.work,
            note=note,
        )


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
