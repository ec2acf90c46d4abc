"""The command line's two languages say the same things, for every code there is, with facts that the code carries."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from photoguard import errors
from photoguard.domain import Finding, FindingKind, OutcomeKind, Stage
from photoguard.errors import Problem, ProblemCode
from photoguard.i18n import Language, details, english, finding_words, korean, language, sentence

CATALOGUES = ("PROBLEMS", "KINDS", "OUTCOMES", "STAGES", "PHRASES", "NOTES", "HELP")
HANGUL = re.compile("[가-힣]")
LEFT_AS_THEY_ARE = {"models_is_core"}
"""A name that is typed on the command line in both languages."""


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def stated_facts() -> dict[str, set[str]]:
    """The facts of each code, from the comment that stands beside it."""
    lines = Path(errors.__file__).read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if code := re.match(r'    [A-Z_0-9]+ = "(\w+)"(.*)', line):
            listed = re.search(r"# facts: ([^()]*)", code[2])
            found[code[1]] = {name.strip() for name in listed[1].split(",")} if listed else set()
    return found


@pytest.mark.parametrize("name", CATALOGUES)
def test_both_languages_hold_the_same_entries(name: str) -> None:
    assert getattr(english, name).keys() == getattr(korean, name).keys()


@pytest.mark.parametrize("name", CATALOGUES)
def test_an_entry_asks_for_the_same_facts_in_both_languages(name: str) -> None:
    ours, theirs = getattr(english, name), getattr(korean, name)
    assert {key: facts(text) for key, text in ours.items()} == {key: facts(text) for key, text in theirs.items()}


@pytest.mark.parametrize(
    ("name", "codes"), [("PROBLEMS", ProblemCode), ("KINDS", FindingKind), ("OUTCOMES", OutcomeKind), ("STAGES", Stage)]
)
def test_every_code_has_its_words_and_no_words_lack_a_code(name: str, codes: type) -> None:
    assert set(getattr(english, name)) == {str(code) for code in codes}


@pytest.mark.parametrize("code", list(ProblemCode))
def test_a_sentence_uses_only_facts_that_its_code_carries(code: ProblemCode) -> None:
    assert facts(english.PROBLEMS[code]) <= stated_facts()[code]


@pytest.mark.parametrize("code", list(ProblemCode))
def test_a_problem_without_its_facts_still_gets_a_sentence(code: ProblemCode) -> None:
    for tongue in Language:
        said = sentence(Problem(code), tongue)
        assert "{" not in said
        assert said.count("?") >= len(facts(english.PROBLEMS[code]))


@pytest.mark.parametrize("name", CATALOGUES)
def test_korean_is_korean(name: str) -> None:
    for key, text in getattr(korean, name).items():
        has_words = any(letter.isalpha() for literal, *_ in string.Formatter().parse(text) for letter in literal)
        assert HANGUL.search(text) or not has_words or key in LEFT_AS_THEY_ARE, key


def test_narrow_words_for_findings_exist_in_both_languages() -> None:
    for detail, (ours, theirs) in details.WORDS.items():
        assert ours
        assert HANGUL.search(theirs), detail
        finding = Finding(FindingKind.UNKNOWN, "place", 1, detail=detail)
        assert finding_words(finding, Language.ENGLISH) == ours
        assert finding_words(finding, Language.KOREAN) == theirs


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"PHOTOGUARD_LANG": "ko", "LANG": "en_US.UTF-8"}, Language.KOREAN),
        ({"LC_ALL": "ko_KR.UTF-8"}, Language.KOREAN),
        ({"LANG": "de_DE.UTF-8"}, Language.ENGLISH),
        ({"LC_MESSAGES": "C", "LANG": "ko_KR.UTF-8"}, Language.ENGLISH),
    ],
)
def test_the_reader_is_spoken_to_in_the_systems_language(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: Language
) -> None:
    for name in ("PHOTOGUARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() is expected
