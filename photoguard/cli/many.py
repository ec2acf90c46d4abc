"""`photoguard protect` and `photoguard scrub`: many photos, one after the other."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.batch import Naming, Position, Work, discover, run
from photoguard.cli.report import ReportKeeper, check_target, run_report
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.telling import tally, told
from photoguard.domain import FaceChoice, Options, Outcome, OutcomeKind, OutputFormat, Platform, Strength
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, phrase
from photoguard.policy import Policy, policy

if TYPE_CHECKING:
    from photoguard.toolbox import Toolbox

_WANTED = {
    "protect": {OutcomeKind.PROTECTED, OutcomeKind.SKIPPED},
    "scrub": {OutcomeKind.SCRUBBED, OutcomeKind.SKIPPED},
}


def run_many(asked: Namespace, tongue: Language) -> int:
    """Do every photo named; 0 when each has its wanted outcome, else 1; 130 when cancelled.

    Raises ``UsageMistake`` for what cannot be done at all.
    """
    rules = policy()
    options = rules.options(_options(asked)) if asked.command == "protect" else None
    naming = Naming(rules.naming or asked.rename)
    _tell_rules(rules, options, asked, tongue)
    _refuse_later_options(asked)
    check_target(asked.json)
    out = Path(asked.out)
    jobs = discover([Path(path) for path in asked.paths], out, naming)
    # with the report on stdout, people's words go to stderr
    words = sys.stderr if asked.json == "-" else sys.stdout
    outcomes: list[Outcome] = []
    models: tuple[str, ...] = ()

    keeper = ReportKeeper(lambda: run_report(options, models, list(outcomes), tongue), asked.json, tongue)

    def farewell() -> None:
        keeper.keep()
        print(phrase("cancelled", tongue), file=sys.stderr)

    def work(wish: StopWish) -> int:
        nonlocal models
        from photoguard.cli.meter import Meter

        with Meter(tongue) as meter:
            toolbox = None
            if options is not None:
                meter.getting_ready()
                toolbox = _toolbox(options)
                models = toolbox.models

            def show(position: Position) -> None:
                wish.check()
                meter.show(position)

            try:
                for outcome in run(jobs, _work(options, toolbox, asked), show, resume=asked.resume):
                    outcomes.append(outcome)
                    print(told(outcome, models, tongue), file=words, flush=True)
            finally:
                is_kept = keeper.keep()
        print(tally(outcomes, len(jobs), tongue), file=words)
        is_well = all(outcome.kind in _WANTED[asked.command] for outcome in outcomes)
        return 0 if is_well and is_kept else 1

    return run_stoppably(work, farewell)


def _tell_rules(rules: Policy, options: Options | None, asked: Namespace, tongue: Language) -> None:
    """Say what an administrator's rules make of the request, where that is something else."""
    changed = [f"--rename {rules.naming}"] if rules.naming not in {"", asked.rename} else []
    if options is not None:
        wanted = _options(asked)
        for name, field in (
            ("strength", "strength"),
            ("platform", "platform"),
            ("faces", "faces"),
            ("format", "output_format"),
        ):
            if getattr(options, field) != getattr(wanted, field):
                changed.append(f"--{name} {getattr(options, field)}")
    if changed:
        print(phrase("policy_says", tongue, things=", ".join(changed)), file=sys.stderr)


def _options(asked: Namespace) -> Options:
    return Options(
        strength=Strength(asked.strength),
        platform=Platform(asked.platform),
        shield_edits=asked.shield_edits,
        models=tuple(name.strip() for name in asked.models.split(",") if name.strip()),
        detector=asked.detector,
        faces=FaceChoice(asked.faces),
        persona=asked.persona,
        output_format=OutputFormat(asked.format),
        seed=asked.seed,
    )


def _refuse_later_options(asked: Namespace) -> None:
    """What the parser knows but no engine does yet is refused, never ignored."""
    later = {"cluster": asked.cluster is not None, "jobs": asked.jobs != 1}
    if asked.command == "protect":
        later |= {"shield-edits": asked.shield_edits, "persona": asked.persona is not None}
    for option, is_asked in later.items():
        if is_asked:
            raise UsageMistake(ProblemCode.NOT_AVAILABLE_YET, option=option)


def _toolbox(options: Options) -> Toolbox:
    from photoguard.toolbox import toolbox_for

    return toolbox_for(options)


def _work(options: Options | None, toolbox: Toolbox | None, asked: Namespace) -> Work:
    from photoguard import pipeline

    if options is None or toolbox is None:
        return lambda source, destination, tell: pipeline.scrub(source, destination, tell, keep_times=asked.keep_times)
    return lambda source, destination, tell: pipeline.protect(
        source, destination, options, toolbox, tell, keep_times=asked.keep_times
    )
