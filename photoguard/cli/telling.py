"""Says in a few plain lines what happened to a photo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from photoguard.cli.terminal import shown
from photoguard.domain import FaceReport, Finding, FindingKind, Outcome, OutcomeKind
from photoguard.i18n import (
    Language,
    check_words,
    finding_words,
    note_words,
    outcome_words,
    phrase,
    sentence,
    shield_words,
    verdict_words,
    whose_words,
)

_WORST_FIRST = tuple(FindingKind)
_MOST_FACES = 6
"""Crowds are summed up beyond this."""
_MOST_KINDS = 8


def told(outcome: Outcome, tongue: Language) -> str:
    """The story of one photo in a few lines, without a trailing line break."""
    lines = [f"{shown(outcome.source)}: {outcome_words(outcome.kind, tongue)}"]
    if outcome.earlier is not None:
        lines.append(phrase("already", tongue, outcome=outcome_words(outcome.earlier, tongue)))
    if outcome.problem is not None:
        lines.append(sentence(outcome.problem, tongue))
    if outcome.output is not None and outcome.kind is not OutcomeKind.SKIPPED:
        lines.append(phrase("saved", tongue, path=shown(outcome.output)))
        carried = listed(outcome.findings, tongue)
        lines.append(phrase("removed", tongue, things="; ".join(carried)) if carried else phrase("was_clean", tongue))
    if outcome.notes:
        things = "; ".join(note_words(note, tongue) for note in outcome.notes)
        lines.append(phrase("adjusted", tongue, things=things))
    if outcome.kind is OutcomeKind.PROTECTED:
        for number, face in enumerate(outcome.faces[:_MOST_FACES], start=1):
            lines += _face_lines(number, face, tongue)
        if len(outcome.faces) > _MOST_FACES:
            lines.append(phrase("more_faces", tongue, count=len(outcome.faces) - _MOST_FACES))
        if names := personas_of(outcome):
            lines.append(phrase("personas", tongue, names=", ".join(shown(name) for name in names)))
        if outcome.judgement is not None:
            lines.append(whose_words(outcome.judgement, tongue))
        lines.append(check_words("limits", tongue))
    lines += shield_words(outcome.shield, tongue)
    return "\n    ".join(lines)


def listed(findings: Sequence[Finding], tongue: Language) -> list[str]:
    """What a file carried, each kind of thing once, what tells most about people first."""
    sizes: dict[tuple[int, str], int] = {}
    largest: dict[tuple[int, str], tuple[int, int]] = {}
    for finding in findings:
        key = _WORST_FIRST.index(finding.kind), finding_words(finding, tongue)
        sizes[key] = sizes.get(key, 0) + finding.size_bytes
        if finding.width and finding.height:
            largest[key] = max(largest.get(key, (0, 0)), (finding.width, finding.height))
    lines = []
    for key, size in sorted(sizes.items()):
        seen = "{} x {} px, ".format(*largest[key]) if key in largest else ""
        lines.append(f"{key[1]} ({seen}{_size(size)})")
    return lines


def personas_of(outcome: Outcome) -> list[str]:
    """Names of the false identities in a copy, each once."""
    return list(dict.fromkeys(face.persona for face in outcome.faces if face.persona))


def tally(outcomes: Sequence[Outcome], count: int, tongue: Language) -> str:
    """One line over the whole run."""
    kinds = [outcome.kind for outcome in outcomes]
    parts = [f"{outcome_words(kind, tongue)}: {kinds.count(kind)}" for kind in OutcomeKind if kind in kinds]
    if not parts:
        return phrase("nothing_to_do", tongue)
    done = sum(outcome.output is not None for outcome in outcomes)
    return phrase("summary", tongue, done=done, count=count) + " - " + ", ".join(parts)


def passed_over(files: Sequence[Path], tongue: Language) -> str:
    """What else lies in the folders, by the ends of the names."""
    kinds = Counter(file.suffix.lower() or file.name for file in files)
    named = [f"{shown(kind)} {count}" for kind, count in kinds.most_common(_MOST_KINDS)]
    things = ", ".join(named if len(kinds) <= _MOST_KINDS else [*named, "…"])
    return phrase("passed_over", tongue, count=len(files), things=things)


def _face_lines(number: int, face: FaceReport, tongue: Language) -> list[str]:
    name = phrase("face", tongue, number=number, width=round(face.box.width))
    if face.problem is not None:
        return [f"{name}: {sentence(face.problem, tongue)}"]
    parts = [] if face.judgement is None else [verdict_words(face.judgement, tongue)]
    seen = {key: f"{value:.1f}" for key, value in face.visibility.items()}
    return [f"{name}: {' '.join(parts)}".rstrip(": "), phrase("visibility", tongue, **seen)]


def _size(count: int) -> str:
    """Bytes in the unit that gives one to three digits."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
