"""Words for what a check found, shared by the terminal, the sheet and the window."""

from __future__ import annotations

from photoguard.domain import Judgement, Verdict
from photoguard.i18n import check_english, check_korean
from photoguard.i18n.wording import Language

_STUDENT = "student_"
"""How the names of photoguard's own recognisers begin."""
_WORDS = {Language.ENGLISH: check_english.WORDS, Language.KOREAN: check_korean.WORDS}


def check_words(name: str, tongue: Language, **facts: object) -> str:
    """The phrase called ``name`` with its facts filled in."""
    words = _WORDS[tongue][name]
    return words.format(**facts) if facts else words


def verdict_words(judgement: Judgement, tongue: Language) -> str:
    """The verdict in a sentence or two, with its one number where there is an honest one."""
    words = check_words(f"verdict_{judgement.verdict}", tongue)
    if judgement.likeness is None:
        return words
    return f"{words} {check_words('likeness', tongue, likeness=round(judgement.likeness))}"


def whose_words(judgement: Judgement, tongue: Language) -> str:
    """Who looked, and who could not count."""
    took_part = ", ".join(judgement.took_part) or "–"
    if judgement.judges:
        words = check_words("checked_by", tongue, judges=", ".join(judgement.judges), took_part=took_part)
        return f"{words} {check_words('assumed', tongue)}" if judgement.is_assumed else words
    name = "warned_by" if judgement.verdict is Verdict.RECOGNISABLE else "not_checked"
    words = check_words(name, tongue, took_part=took_part)
    if judgement.took_part == ("dlib",):
        return f"{words} {check_words('dlib_alone', tongue)}"
    if judgement.took_part and all(name == "dlib" or name.startswith(_STUDENT) for name in judgement.took_part):
        return f"{words} {check_words('built_in_alone', tongue)}"
    return words
