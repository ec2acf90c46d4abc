"""`photoguard protect` and `photoguard scrub`: one photo or thousands."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from photoguard.batch import Job, Journal, Naming, Position, Terms, Treatment, discover, fingerprint, run
from photoguard.batch.casting import Caster
from photoguard.cli.folder_report import check_folder_target, write_folder_report
from photoguard.cli.outfit import Outfit, executor_for, journal_here, personas_here
from photoguard.cli.report import ReportKeeper, check_target, run_report
from photoguard.cli.showing import Showing
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.telling import passed_over, tally, told
from photoguard.cli.terminal import shown
from photoguard.domain import FaceChoice, Options, Outcome, OutcomeKind, OutputFormat, Platform, Strength
from photoguard.errors import Failed, ProblemCode
from photoguard.i18n import Language, phrase, sentence
from photoguard.policy import Policy, policy

_WANTED = {"protect": OutcomeKind.PROTECTED, "scrub": OutcomeKind.SCRUBBED}


def run_many(asked: Namespace, tongue: Language) -> int:
    """Do every photo named; 0 when each has its wanted outcome, else 1; 130 when cancelled.

    Raises ``UsageMistake`` for what cannot be done at all.
    """
    rules = policy()
    options = rules.options(options_of(asked)) if asked.command == "protect" else None
    naming = Naming(rules.naming or asked.rename)
    _tell_rules(rules, options, asked, tongue)
    check_target(asked.json)
    for target in asked.report:
        check_folder_target(target)
    others: list[Path] = []
    jobs = discover([Path(path) for path in asked.paths], Path(asked.out), naming, others.append)
    # with JSON on stdout, people's words go to stderr
    words = sys.stderr if asked.json == "-" or asked.progress == "json" else sys.stdout
    outcomes: list[Outcome] = []
    models: tuple[str, ...] = ()
    showing = Showing(asked.progress, tongue)
    # all of a script's standard output is lines then, the report in the last one
    is_in_line = asked.progress == "json" and asked.json == "-"

    def document() -> dict[str, Any]:
        return run_report(options, models, in_order(outcomes, jobs), tongue, others)

    keeper = ReportKeeper(document, None if is_in_line else asked.json, tongue)

    def farewell() -> None:
        keeper.keep()
        print(phrase("cancelled", tongue), file=sys.stderr)

    def work(wish: StopWish) -> int:
        nonlocal models
        treatment = Treatment(options, asked.keep_times)
        outfit = executor_for(treatment, len(jobs), asked)
        with showing, journal_here(tongue) as journal, personas_here(options, tongue) as caster:
            showing.getting_ready()
            try:
                models = outfit.begin(wish.check)
                showing.ready(models, len(jobs))
                for outcome in _outcomes(jobs, outfit, journal, options, caster, asked, showing, wish):
                    outcomes.append(outcome)
                    showing.ended(outcome, len(outcomes), len(jobs))
                    if asked.progress != "json":
                        print(told(outcome, tongue), file=words, flush=True)
            except Failed as error:
                if error.problem.code not in {ProblemCode.DISK_FULL, ProblemCode.JOURNAL_UNAVAILABLE}:
                    raise
                print(sentence(error.problem, tongue), file=sys.stderr)
                return 1
            finally:
                outfit.executor.close()
                is_kept = keeper.keep()
                is_kept &= _folder_reports(asked.report, in_order(outcomes, jobs), tongue)
                showing.end(document() if is_in_line else None)
        print(tally(outcomes, len(jobs), tongue), file=words)
        if others:
            print(passed_over(others, tongue), file=words)
        is_well = all(is_wanted(outcome, asked.command) for outcome in outcomes)
        return 0 if is_well and is_kept else 1

    return run_stoppably(work, farewell)


def _tell_rules(rules: Policy, options: Options | None, asked: Namespace, tongue: Language) -> None:
    """Say what an administrator's rules make of the request, where that is something else."""
    changed = [f"--rename {rules.naming}"] if rules.naming not in {"", asked.rename} else []
    if options is not None:
        wanted = options_of(asked)
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


def options_of(asked: Namespace) -> Options:
    """What the arguments of ``protect`` ask for."""
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


def is_wanted(outcome: Outcome, command: str) -> bool:
    """Whether a photo ended as the command wants it, in this run or in an earlier one."""
    if outcome.kind is OutcomeKind.SKIPPED:
        return outcome.earlier in {None, _WANTED[command]}
    return outcome.kind is _WANTED[command]


def in_order(outcomes: Sequence[Outcome], jobs: Sequence[Job]) -> list[Outcome]:
    """``outcomes`` in the order of the plan; they come in the order in which photos are finished."""
    places = {job.source: number for number, job in enumerate(jobs)}
    return sorted(outcomes, key=lambda outcome: places[outcome.source])


def _outcomes(
    jobs: Sequence[Job],
    outfit: Outfit,
    journal: Journal,
    options: Options | None,
    caster: Caster | None,
    asked: Namespace,
    showing: Showing,
    wish: StopWish,
) -> Iterator[Outcome]:
    terms = Terms(
        treatment=fingerprint(options, outfit.readiness),
        resume=asked.resume,
        room_bytes=outfit.room_bytes,
        keep_times=asked.keep_times,
    )

    def show(position: Position) -> None:
        wish.check()
        showing.show(position)

    may_begin = beginning(asked, showing)
    return run(jobs, outfit.executor, journal, terms, show, check=wish.check, may_begin=may_begin, caster=caster)


def _folder_reports(targets: Sequence[str], outcomes: Sequence[Outcome], tongue: Language) -> bool:
    """Write the reports over the folder; False, and a sentence, where one could not be written."""
    for target in targets:
        try:
            write_folder_report(target, outcomes, tongue)
        except Failed as error:
            print(sentence(error.problem, tongue), file=sys.stderr)
            return False
        print(phrase("report_at", tongue, path=shown(target)), file=sys.stderr)
    return True


def beginning(asked: Namespace, showing: Showing) -> Callable[[], bool]:
    """Whether a photo may be begun now; on battery not, where that was asked for."""
    if not asked.only_on_mains:
        return lambda: True
    from photoguard.batch.capacity import is_on_mains

    def may_begin() -> bool:
        if is_on_mains():
            return True
        showing.waiting()
        return False

    return may_begin
