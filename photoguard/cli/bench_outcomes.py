"""`photoguard bench outcomes`: the report of a whole folder, summed up."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from photoguard.cli.terminal import shown


def run_bench_outcomes(asked: Namespace) -> int:
    """Print the summary of a report. Raises ``UsageMistake`` where it is none."""
    from photoguard.bench import outcomes

    text = outcomes.told(outcomes.read(Path(asked.report)))
    # names of photos are strangers' words
    print("\n".join(shown(line) for line in text.split("\n")))
    return 0
