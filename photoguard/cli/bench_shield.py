"""`photoguard bench shield`: what the pattern against AI editors does, beside a published attack at equal visibility."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.domain import Platform
from photoguard.errors import ProblemCode, Refused, UsageMistake
from photoguard.i18n import Language, phrase


def run_bench_shield(asked: Namespace, tongue: Language) -> int:
    """Measure and print the table; what was measured is written after every photo. Raises ``UsageMistake``."""
    from photoguard.batch import photos_in

    photos = [photo for photo, problem in photos_in([Path(asked.photos)]) if problem is None][: asked.limit]
    if not photos:
        raise UsageMistake(ProblemCode.NO_PHOTOS)

    def work(wish: StopWish) -> int:
        from photoguard import latents
        from photoguard.bench import shield_report
        from photoguard.bench.editor_attack import EPSILONS
        from photoguard.bench.shielding import Row, Terms, measure
        from photoguard.faces import best_detector

        terms = Terms(
            asked.strengths,
            asked.platforms or tuple(Platform),
            EPSILONS if asked.steps else (),
            asked.steps,
            asked.side,
            asked.seed,
        )
        spaces, detector = latents.load(), best_detector()
        rows: list[Row] = []
        written: tuple[Path, ...] = ()
        for number, photo in enumerate(photos, start=1):
            print(f"{number}/{len(photos)}", file=sys.stderr)
            try:
                rows += measure(photo, photo.name, terms, detector, spaces, wish.check)
            except Refused:
                continue
            written = shield_report.write(rows, terms, spaces, Path(asked.out))
        if not written:
            raise UsageMistake(ProblemCode.NO_PHOTOS)
        print(written[1].read_text(encoding="utf-8"))
        for path in written:
            print(phrase("saved", tongue, path=path))
        return 0

    return run_stoppably(work, lambda: print(phrase("cancelled", tongue), file=sys.stderr))
