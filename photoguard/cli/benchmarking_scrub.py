"""`photoguard bench scrub`: how fast cleaning is, beside a plain copy and exiftool."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, phrase


def run_bench_scrub(asked: Namespace, tongue: Language) -> int:
    """Measure and print one JSON object; raises ``UsageMistake`` NO_PHOTOS for a folder without any."""
    from photoguard.batch import photos_in

    photos = [photo for photo, problem in photos_in([Path(asked.photos)]) if problem is None][: asked.limit]
    if not photos:
        raise UsageMistake(ProblemCode.NO_PHOTOS)

    def work(wish: StopWish) -> int:
        from photoguard.bench.scrubbing import measure

        print(json.dumps(measure(photos, asked.exiftool, wish.check).as_dict(), indent=1))
        return 0

    return run_stoppably(work, lambda: print(phrase("cancelled", tongue)))
