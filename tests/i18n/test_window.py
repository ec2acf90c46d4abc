"""The window's two languages say the same things, in forms that fill in."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import photoguard
from photoguard.domain import OutcomeKind, Platform, Strength, Verdict
from photoguard.errors import Problem, ProblemCode
from photoguard.i18n import Language, window_english, window_korean, window_sentence, window_words

GUI = Path(photoguard.__file__).parent / "gui"
SAYING = {"tr", "bind", "label", "said", "button", "prose", "sign_button", "page", "_say", "_add", "_beside"}


def forms(words: str | tuple[str, str]) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_phrases() -> None:
    assert window_english.WORDS.keys() == window_korean.WORDS.keys()
    assert window_english.PROBLEMS.keys() == window_korean.PROBLEMS.keys()


@pytest.mark.parametrize("name", sorted(window_english.WORDS))
def test_a_phrase_asks_for_the_same_facts_in_both_languages(name: str) -> None:
    english = set().union(*(facts(form) for form in forms(window_english.WORDS[name])))
    korean = set().union(*(facts(form) for form in forms(window_korean.WORDS[name])))
    assert english == korean


@pytest.mark.parametrize(
    "name", sorted(set(window_korean.WORDS) - {"app", "language_english", "model_size", "naming_counter"})
)
def test_korean_is_korean(name: str) -> None:
    for form in forms(window_korean.WORDS[name]):
        bare = re.sub(r"\{\w+\}|[\d%,.:×()·\s+-]", "", form)
        assert not bare or re.search("[가-힣]", bare)


def test_problems_use_the_facts_of_the_command_line_only() -> None:
    from photoguard.i18n import english

    for code, text in window_english.PROBLEMS.items():
        assert facts(text) <= facts(english.PROBLEMS[code])
        assert facts(window_korean.PROBLEMS[code]) <= facts(english.PROBLEMS[code])


MET = list(ProblemCode)[: list(ProblemCode).index(ProblemCode.DECODER_DISAGREES) + 1]
MET = [code for code in MET if code not in {ProblemCode.REPORT_NOT_WRITABLE, ProblemCode.NEEDS_CLUSTER}]
MET += [ProblemCode.OUT_OF_MEMORY, ProblemCode.ENGINE_DIED, ProblemCode.INTERNAL]
"""What a photo can meet in the window; the rest are mistakes made on a command line."""


@pytest.mark.parametrize("tongue", Language)
@pytest.mark.parametrize("code", MET)
def test_no_sentence_on_a_photo_speaks_of_options_or_commands(code: ProblemCode, tongue: Language) -> None:
    said = window_sentence(Problem(code), tongue)
    assert "--" not in said
    assert "`" not in said
    assert "pip" not in said.replace("pillow", "")


def test_one_and_many_have_their_forms() -> None:
    assert window_words("faces_all", Language.ENGLISH, count=1) == "1 face"
    assert window_words("faces_all", Language.ENGLISH, count=2) == "2 faces"
    assert window_words("faces_all", Language.ENGLISH, count=0) == "0 faces"
    assert window_words("faces_all", Language.KOREAN, count=1) == "얼굴 1개"


def test_every_phrase_that_the_window_asks_for_exists_and_none_is_left_over() -> None:
    asked: set[str] = set()
    for file in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in window_english.WORDS:
                asked.add(node.value)
            if isinstance(node, ast.JoinedStr) and node.values:
                shape = "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
                )
                if shape.replace(r"\w+", ""):
                    asked |= {name for name in window_english.WORDS if re.fullmatch(shape, name)}
    asked |= {strength.value for strength in Strength}
    assert set(window_english.WORDS) - asked == set()


def test_phrases_by_kind_are_complete() -> None:
    for platform in Platform:
        assert f"platform_{platform}" in window_english.WORDS
    for kind in OutcomeKind:
        assert {f"outcome_{kind}", f"done_{kind}"} <= window_english.WORDS.keys()
    for verdict in (Verdict.HINDERED, Verdict.RECOGNISABLE, Verdict.UNCHECKED):
        assert {f"outcome_{verdict}", f"done_{verdict}"} <= window_english.WORDS.keys()
    for strength in Strength:
        assert {strength.value, f"{strength}_note"} <= window_english.WORDS.keys()
