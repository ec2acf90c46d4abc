"""`photoguard inspect`: what photos tell about people, without changing anything."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from photoguard import __version__
from photoguard.batch import photos_in
from photoguard.cli.report import ReportKeeper, check_target, finding_entry
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.telling import listed
from photoguard.cli.terminal import shown
from photoguard.containers import Inventory
from photoguard.errors import PhotoguardError, Problem, ProblemCode
from photoguard.i18n import Language, phrase, sentence


def run_inspect(asked: Namespace, tongue: Language) -> int:
    """Print what each photo carries, or say why it cannot be read; 1 when one could not, or not to its end, else 0."""
    from photoguard.pipeline import inspect

    check_target(asked.json)
    words = sys.stderr if asked.json == "-" else sys.stdout
    entries: list[dict[str, Any]] = []
    keeper = ReportKeeper(lambda: {"version": __version__, "files": list(entries)}, asked.json, tongue)

    def farewell() -> None:
        keeper.keep()
        print(phrase("looking_stopped", tongue), file=sys.stderr)

    def work(wish: StopWish) -> int:
        is_well = True
        try:
            for source, obstacle in photos_in([Path(path) for path in asked.paths]):
                wish.check()
                found: Inventory | None = None
                problem = obstacle
                if problem is None:
                    try:
                        found = inspect(source)
                    except PhotoguardError as error:
                        problem = error.problem
                is_well &= problem is None and not (found is not None and found.problems)
                entries.append(_entry(source, found, problem, tongue))
                print(_told(source, found, problem, tongue), file=words)
        finally:
            is_well &= keeper.keep()
        return 0 if is_well else 1

    return run_stoppably(work, farewell)


def _told(source: Path, found: Inventory | None, problem: Problem | None, tongue: Language) -> str:
    lines = [shown(source)]
    if problem is not None:
        lines.append(sentence(problem, tongue))
    if found is not None:
        lines += [f"- {thing}" for thing in listed(found.findings, tongue)]
        if not found.findings and not found.problems:
            lines.append(phrase("nothing_hidden", tongue))
        if found.frames > 1:
            lines.append(phrase("moves", tongue, frames=found.frames))
        if found.problems:
            lines.append(phrase("unreadable_inside", tongue))
    return "\n    ".join(lines)


def _entry(source: Path, found: Inventory | None, problem: Problem | None, tongue: Language) -> dict[str, Any]:
    entry: dict[str, Any] = {"source": str(source), "reason": None, "findings": []}
    if found is not None and found.problems:
        # what was found is told, and that there may be more
        is_cut = "truncated" in found.problems
        problem = Problem(ProblemCode.TRUNCATED if is_cut else ProblemCode.MALFORMED)
    if problem is not None:
        entry["reason"] = {
            "code": problem.code.value,
            "facts": dict(problem.facts),
            "sentence": sentence(problem, tongue),
        }
    if found is not None:
        entry |= {
            "format": found.format.value,
            "width": found.width,
            "height": found.height,
            "frames": found.frames,
            "orientation": found.orientation,
            "findings": [finding_entry(finding) for finding in found.findings],
            "problems": list(found.problems),
        }
    return entry
