"""The window's words; sentences on problems are the command line's, except where those speak of options."""

from __future__ import annotations

from typing import Protocol

from photoguard.errors import Problem
from photoguard.i18n import window_english, window_korean
from photoguard.i18n.wording import Language, facts_shown, sentence


class _Catalogue(Protocol):
    WORDS: dict[str, str | tuple[str, str]]
    PROBLEMS: dict[str, str]


_CATALOGUES: dict[Language, _Catalogue] = {Language.ENGLISH: window_english, Language.KOREAN: window_korean}


def window_words(name: str, tongue: Language, **facts: object) -> str:
    """The phrase called ``name``; its form for one or many goes by the fact ``count``."""
    words = _CATALOGUES[tongue].WORDS[name]
    if isinstance(words, tuple):
        words = words[0 if facts.get("count") == 1 else 1]
    return words.format(**facts) if facts else words


def window_sentence(problem: Problem, tongue: Language) -> str:
    """What went wrong and what to do in the window about it."""
    words = _CATALOGUES[tongue].PROBLEMS.get(problem.code)
    return words.format_map(facts_shown(problem)) if words else sentence(problem, tongue)
