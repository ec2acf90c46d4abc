"""Words of the check: the same in both languages, for every verdict and every view."""

from __future__ import annotations

import re
import string

import pytest

from photoguard.domain import Judgement, Platform, Verdict
from photoguard.i18n import Language, check_english, check_korean, verdict_words, whose_words
from photoguard.platforms import WAYS
from photoguard.proof.cleaning import COUNTER_MEASURES
from photoguard.proof.pairing import Relation

ENGLISH, KOREAN = check_english.WORDS, check_korean.WORDS
_WORDS = {Language.ENGLISH: ENGLISH, Language.KOREAN: KOREAN}


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    assert ENGLISH.keys() == KOREAN.keys()
    for name, words in ENGLISH.items():
        assert facts(words) == facts(KOREAN[name]), name
        assert re.search("[가-힣]", KOREAN[name]) or name in {"pair", "view_x"}, name


def test_everything_that_can_be_said_has_words() -> None:
    wanted = {f"verdict_{one}" for one in Verdict} | {f"short_{one}" for one in Verdict}
    wanted |= {f"view_{way.name}" for way in WAYS} | {f"view_{name}" for name in COUNTER_MEASURES}
    wanted |= {f"relation_{one}" for one in Relation} | {"view_file"}
    assert wanted <= ENGLISH.keys()
    assert {str(platform) for platform in Platform} <= {way.name for way in WAYS}


@pytest.mark.parametrize("tongue", [*Language])
@pytest.mark.parametrize("verdict", [*Verdict])
def test_no_verdict_promises_and_only_judged_ones_show_a_number(tongue: Language, verdict: Verdict) -> None:
    judged = Judgement(verdict, 40.4, ("a",), ("b",))
    unjudged = Judgement(Verdict.UNCHECKED, None, (), ("b",))
    assert "40" in verdict_words(judged, tongue)
    assert not re.search(r"\d", verdict_words(unjudged, tongue))
    for word in ("safe", "protected", "안전", "보호"):
        assert word not in verdict_words(judged, tongue)
    assert "a" in whose_words(judged, tongue)
    assert "b" in whose_words(unjudged, tongue)


@pytest.mark.parametrize("tongue", [*Language])
def test_what_comes_with_photoguard_is_never_called_enough(tongue: Language) -> None:
    def said(*took_part: str) -> str:
        return whose_words(Judgement(Verdict.UNCHECKED, None, (), took_part), tongue)

    words = _WORDS[tongue]
    assert words["dlib_alone"] in said("dlib")
    assert words["built_in_alone"] in said("dlib", "student_a", "student_b")
    assert words["built_in_alone"] not in said("dlib", "student_a", "other")
    assert words["built_in_alone"] not in said()
