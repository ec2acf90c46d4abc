"""`photoguard watch`: protects the photos that arrive in a folder."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from photoguard.batch import Job, Naming, Position, Terms, Treatment, fingerprint, run
from photoguard.batch.arrivals import Arrivals
from photoguard.cli.many import beginning, options_of
from photoguard.cli.outfit import executor_for, journal_here, personas_here
from photoguard.cli.showing import Showing
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.telling import told
from photoguard.cli.terminal import shown
from photoguard.domain import OutcomeKind
from photoguard.i18n import Language, phrase
from photoguard.policy import policy


def run_watch(asked: Namespace, tongue: Language) -> int:
    """Protect what is in the folder and what arrives, until Ctrl-C; then 130. What was done before is not done again."""
    rules = policy()
    options = rules.options(options_of(asked))
    arrivals = Arrivals(Path(asked.folder), Path(asked.out), Naming(rules.naming or asked.rename))
    words = sys.stderr if asked.progress == "json" else sys.stdout
    showing = Showing(asked.progress, tongue)

    def work(wish: StopWish) -> int:
        outfit = executor_for(Treatment(options, asked.keep_times), asked.jobs or 1, asked)
        may_begin = beginning(asked, showing)
        with arrivals, showing, journal_here(tongue) as journal, personas_here(options, tongue) as caster:
            showing.getting_ready()
            try:
                models = outfit.begin(wish.check)
                showing.ready(models, 0)
                terms = Terms(fingerprint(options, outfit.readiness), room_bytes=outfit.room_bytes)
                print(phrase("watching", tongue, path=shown(asked.folder)), file=words, flush=True)

                def show(position: Position) -> None:
                    wish.check()
                    showing.show(position)

                for batch in arrivals.settled(wish.check):
                    jobs = _by_age(batch)
                    outcomes = run(
                        jobs,
                        outfit.executor,
                        journal,
                        terms,
                        show,
                        check=wish.check,
                        may_begin=may_begin,
                        caster=caster,
                    )
                    for done, outcome in enumerate(outcomes, start=1):
                        showing.ended(outcome, done, len(batch))
                        if outcome.kind is not OutcomeKind.SKIPPED and asked.progress != "json":
                            print(told(outcome, tongue), file=words, flush=True)
            finally:
                outfit.executor.close()
        return 0

    return run_stoppably(work, lambda: print(phrase("cancelled", tongue), file=sys.stderr))


def _by_age(batch: list[Job]) -> list[Job]:
    """What arrived first is done first."""

    def changed(job: Job) -> float:
        try:
            return job.source.stat().st_mtime
        except OSError:
            return 0.0

    return sorted(batch, key=changed)
