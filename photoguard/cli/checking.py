"""`photoguard check`: whether it worked on this photo."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.terminal import shown
from photoguard.domain import Options, Progress, Verdict
from photoguard.i18n import Language, check_words, phrase

SHOWN_TO_HELP = frozenset({Verdict.UNLIKE, Verdict.HARDER, Verdict.HINDERED})


def run_check(asked: Namespace, tongue: Language) -> int:
    """Print the answer; 0 when every face was independently found harder to recognise and nothing hidden is left, else 1.

    Raises ``UsageMistake`` for models that are not there and targets that cannot be written.
    """
    from rich.console import Console
    from rich.text import Text

    from photoguard.cli.check_sheet import check_sheet_target, write_sheet
    from photoguard.cli.report import check_target, write_report

    check_target(asked.json)
    for target in asked.sheet:
        check_sheet_target(target)
    # people's words go to stderr where the report goes to stdout
    console = Console(stderr=asked.json == "-", highlight=False, soft_wrap=True)

    def work(wish: StopWish) -> int:
        from photoguard import latents
        from photoguard.batch import Position
        from photoguard.checking import check
        from photoguard.cli.check_report import check_report
        from photoguard.cli.check_table import print_answer
        from photoguard.cli.meter import Meter
        from photoguard.toolbox import toolbox_for

        names = tuple(name.strip() for name in asked.models.split(",") if name.strip())
        copy = Path(asked.protected)
        with Meter(tongue) as meter:

            def show(progress: Progress) -> None:
                wish.check()
                meter.show(Position(1, 1, copy, progress))

            meter.getting_ready()
            toolbox = toolbox_for(Options(models=names, detector=asked.detector))
            checked = check(Path(asked.original), copy, toolbox, show)
        # first what a program waits for: whoever reads the words may stop reading
        write_report(check_report(checked, tongue), asked.json)
        print_answer(checked, tongue, console)
        spaces = latents.load() if asked.sheet and latents.is_ready() else None
        for target in asked.sheet:
            write_sheet(target, checked, tongue, with_original=asked.with_original, latents=spaces)
            console.print(Text(check_words("sheet_at", tongue, path=shown(target))))
        verdicts = {face.judgement.verdict for face in checked.faces}
        is_well = bool(verdicts) and verdicts <= SHOWN_TO_HELP and not checked.left and not checked.missing
        return 0 if is_well else 1

    return run_stoppably(work, lambda: print(phrase("looking_stopped", tongue), file=sys.stderr))
