"""What is said of a photo, in plain words made from what was found and measured."""

from __future__ import annotations

from collections.abc import Sequence

from photoguard.domain import Finding, FindingKind, Outcome, OutcomeKind, Verdict
from photoguard.errors import ProblemCode
from photoguard.gui.queue_model import Entry, State
from photoguard.gui.words import Words
from photoguard.i18n import finding_words, note_words, stage_words, verdict_words, window_sentence

_WORST_FIRST = tuple(FindingKind)
_HELPED = frozenset({Verdict.UNLIKE, Verdict.HARDER})
_CALLED = (Verdict.HINDERED, Verdict.RECOGNISABLE, Verdict.UNCHECKED)
"""Verdicts by which a changed photo is called instead of protected."""


def state_words(entry: Entry, words: Words) -> str:
    """Where a photo stands, in a few words."""
    if entry.state is State.WORKING and entry.progress is not None:
        stage = stage_words(entry.progress.stage, words.tongue)
        return stage[:1].upper() + stage[1:]
    if entry.outcome is not None:
        return words.tr(_outcome_name(entry.outcome))
    if entry.problem is not None and entry.state is State.READY:
        if entry.problem.code is ProblemCode.NO_PHOTOS:
            return words.tr("nothing_inside")
        return words.tr("moves" if entry.is_moving else "cannot")
    if entry.state is State.READY:
        return words.tr("faces_unknown") if entry.faces is None else faces_words(entry, words)
    return words.tr(f"state_{entry.state}")


def faces_words(entry: Entry, words: Words) -> str:
    """How many faces will be protected, of how many."""
    found = len(entry.faces or ()) + len(entry.added)
    wanted = found - len(entry.left_out)
    if not found:
        return words.tr("faces_none")
    if wanted < found:
        return words.tr("faces_some", count=wanted, found=found)
    return words.tr("faces_all", count=found)


def summary_words(entry: Entry, words: Words) -> str:
    """One line: why not, or what it carries."""
    problem = entry.outcome.problem if entry.outcome is not None else entry.problem
    if problem is not None:
        return window_sentence(problem, words.tongue)
    if entry.state is State.LOOKING:
        return ""
    carried = carried_words(entry.findings, words)
    if not carried:
        return words.tr("carries_nothing" if entry.outcome is None else "carried_nothing")
    name = "removed_list" if entry.outcome is not None else "carries_list"
    return words.tr(name, things=", ".join(carried))


def carried_words(findings: Sequence[Finding], words: Words) -> list[str]:
    """What a file carries, each thing once, what tells most about people first."""
    ordered = sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.kind))
    return list(dict.fromkeys(finding_words(finding, words.tongue) for finding in ordered))


def notes_words(outcome: Outcome, words: Words) -> list[str]:
    """What else had to change."""
    return [note_words(note, words.tongue) for note in outcome.notes]


def time_words(seconds: float, words: Words) -> str:
    if seconds < 90:
        return words.tr("about_seconds", count=max(5, round(seconds / 5) * 5))
    if seconds < 5400:
        return words.tr("about_minutes", count=round(seconds / 60))
    return words.tr("about_hours", count=round(seconds / 3600))


def is_protected(outcome: Outcome) -> bool:
    """Whether it may be called so: not where those who looked still know the person, nor where nobody could look."""
    judgement = outcome.judgement
    return outcome.ended is OutcomeKind.PROTECTED and (judgement is None or judgement.verdict in _HELPED)


def _end_of(outcome: Outcome) -> str:
    """What a photo with changed faces is called by."""
    judgement = outcome.judgement
    return OutcomeKind.PROTECTED if judgement is None or judgement.verdict in _HELPED else judgement.verdict


def run_words(entries: Sequence[Entry], words: Words) -> str:
    """One line over a finished run; empty when there is nothing to tell."""
    outcomes = [entry.outcome for entry in entries if entry.outcome is not None]
    ends: list[str] = [one.kind if one.kind is not OutcomeKind.PROTECTED else _end_of(one) for one in outcomes]
    order = dict.fromkeys([OutcomeKind.PROTECTED, *_CALLED, *OutcomeKind])
    parts = [words.tr(f"done_{end}", count=ends.count(end)) for end in order if end in ends]
    return words.tr("run_done", things=", ".join(parts)) if parts else ""


def result_words(entry: Entry, words: Words) -> tuple[str, str]:
    """The verdict over a finished photo, and its role in the theme: care or plain."""
    outcome = entry.outcome
    if outcome is None:
        return "", "plain"
    if outcome.ended is OutcomeKind.PROTECTED:
        judgement = outcome.judgement
        if judgement is not None and not is_protected(outcome):
            return verdict_words(judgement, words.tongue), "care"
        more = [] if judgement is None else [verdict_words(judgement, words.tongue)]
        return " ".join([f"{words.tr(_outcome_name(outcome))}.", *more]), "plain"
    if outcome.ended is OutcomeKind.NO_FACE:
        is_small = outcome.problem is not None and outcome.problem.code is ProblemCode.FACE_TOO_SMALL
        about_faces = words.tr("verdict_small" if is_small else "verdict_no_face")
        about_data = words.tr("verdict_cleaned" if outcome.findings else "verdict_was_clean")
        return f"{about_faces} {about_data}", "care"
    return words.tr(_outcome_name(outcome)), "plain" if outcome.kind is OutcomeKind.SKIPPED else "care"


def _outcome_name(outcome: Outcome) -> str:
    """Name of the phrase for how a photo ended."""
    if outcome.ended is OutcomeKind.PROTECTED and not is_protected(outcome):
        return f"outcome_{OutcomeKind.SKIPPED if outcome.kind is OutcomeKind.SKIPPED else _end_of(outcome)}"
    if outcome.kind is OutcomeKind.SKIPPED:
        if outcome.problem is not None and outcome.problem.code is ProblemCode.OWN_COPY:
            return "outcome_own_copy"
        if outcome.ended is OutcomeKind.PROTECTED:
            return "outcome_protected_before"
    return f"outcome_{outcome.kind}"
