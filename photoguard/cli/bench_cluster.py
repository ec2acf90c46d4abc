"""`photoguard bench cluster`: how much faster a cluster of more workers is, and how many one computer can feed."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.domain import Options, Strength
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, phrase


def run_bench_cluster(asked: Namespace, tongue: Language) -> int:
    """Print one JSON object for each number of workers. Raises ``UsageMistake`` NO_PHOTOS, NEEDS_CLUSTER."""
    from photoguard.batch import photos_in

    folder = Path(asked.photos)
    if all(problem is not None for _, problem in photos_in([folder])):
        raise UsageMistake(ProblemCode.NO_PHOTOS)

    def work(wish: StopWish) -> int:
        from photoguard.batch import Treatment
        from photoguard.bench.scaling import Scaled, measure

        models = tuple(name.strip() for name in asked.models.split(",") if name.strip())
        treatment = Treatment(Options(strength=Strength(asked.strength), models=models))
        first: Scaled | None = None
        for scaled in measure(folder, asked.workers, treatment, asked.limit, wish.check):
            first = first or scaled
            by_clock, by_work = scaled.times_faster(first)
            told = asdict(scaled) | {
                "times_faster": by_clock,
                "times_faster_by_work": by_work,
                "workers_fed": scaled.fed,
            }
            print(json.dumps({name: _rounded(value) for name, value in told.items()}), flush=True)
        return 0

    return run_stoppably(work, lambda: print(phrase("cancelled", tongue)))


def _rounded(value: object) -> object:
    if isinstance(value, tuple):
        return [_rounded(one) for one in value]
    return round(value, 2) if isinstance(value, float) else value
