"""Turns codes and facts into sentences, in the reader's language."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from photoguard.domain import Finding, FindingKind, OutcomeKind, Stage
from photoguard.errors import Problem
from photoguard.i18n import details, english, korean


class Language(StrEnum):
    ENGLISH = "en"
    KOREAN = "ko"


class _Catalogue(Protocol):
    """What each language's module holds."""

    PROBLEMS: dict[str, str]
    KINDS: dict[str, str]
    OUTCOMES: dict[str, str]
    STAGES: dict[str, str]
    PHRASES: dict[str, str]
    NOTES: dict[str, str]
    HELP: dict[str, str]


_CATALOGUES: dict[Language, _Catalogue] = {Language.ENGLISH: english, Language.KOREAN: korean}


def language() -> Language:
    """The reader's language: ``PHOTOGUARD_LANG``, then the usual variables, then the system's locale; else English."""
    for name in ("PHOTOGUARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Language.KOREAN if value.lower().startswith("ko") else Language.ENGLISH
    spoken = locale.getlocale()[0] or ""
    return Language.KOREAN if spoken.lower().startswith(("ko", "korean")) else Language.ENGLISH


def sentence(problem: Problem, tongue: Language) -> str:
    """One plain sentence (or two) on what went wrong and what to do."""
    return _CATALOGUES[tongue].PROBLEMS[problem.code].format_map(facts_shown(problem))


def facts_shown(problem: Problem) -> Mapping[str, str]:
    """The facts of ``problem`` as people read them; "?" for one that was not given."""
    return _Facts({name: _shown(value) for name, value in problem.facts.items()})


def kind_words(kind: FindingKind, tongue: Language) -> str:
    return _CATALOGUES[tongue].KINDS[kind]


def outcome_words(kind: OutcomeKind, tongue: Language) -> str:
    return _CATALOGUES[tongue].OUTCOMES[kind]


def stage_words(stage: Stage, tongue: Language) -> str:
    return _CATALOGUES[tongue].STAGES[stage]


def note_words(note: str, tongue: Language) -> str:
    """What decoding or writing had to change, e.g. ``rotated``, or ``finished_picture width=1024 ...`` with its facts."""
    word, *facts = note.split()
    return _CATALOGUES[tongue].NOTES[word].format_map(_Facts(fact.split("=", 1) for fact in facts))


def finding_words(finding: Finding, tongue: Language) -> str:
    """What a finding is, as narrow as it is known: "an HDR brightness map" rather than "another copy"."""
    words = details.WORDS.get(finding.detail)
    return words[0 if tongue is Language.ENGLISH else 1] if words else kind_words(finding.kind, tongue)


def phrase(name: str, tongue: Language, **facts: object) -> str:
    """A phrase of the interface with its facts filled in."""
    return _CATALOGUES[tongue].PHRASES[name].format(**facts)


def help_text(name: str, tongue: Language) -> str:
    """What a command or an option of the command line is for."""
    return _CATALOGUES[tongue].HELP[name]


class _Facts(dict[str, str]):
    """Says "?" for a fact that was not given: a sentence with a gap is better than none."""

    def __missing__(self, key: str) -> str:
        return "?"


def _shown(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
