"""A verdict never flatters: who took part can only warn, and without an independent look there is no good number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import SmallEncoder

from photoguard.domain import Verdict
from photoguard.proof.judging import judged
from photoguard.proof.scale import scale_of

INSIDE, OUTSIDE, SECOND = SmallEncoder("inside"), SmallEncoder("outside"), SmallEncoder("second")
ORDER = [Verdict.UNLIKE, Verdict.HARDER, Verdict.HINDERED, Verdict.RECOGNISABLE]
COSINES = st.floats(-1, 1)


def figures(**of: float) -> dict[str, dict[str, float]]:
    return {name: {"file": value, "after_any": value - 0.05} for name, value in of.items()}


@given(inside=COSINES)
def test_without_an_independent_look_there_is_never_a_good_verdict(inside: float) -> None:
    judgement = judged(figures(inside=inside), [INSIDE], [])
    assert judgement.verdict in {Verdict.UNCHECKED, Verdict.RECOGNISABLE}
    assert judgement.likeness is None or judgement.likeness >= 75
    assert judgement.judges == ()


@given(inside=COSINES, outside=COSINES)
def test_those_who_took_part_never_make_a_verdict_better(inside: float, outside: float) -> None:
    alone = judged(figures(outside=outside), [], [OUTSIDE])
    both = judged(figures(outside=outside, inside=inside), [INSIDE], [OUTSIDE])
    assert alone.likeness is not None
    assert both.likeness is not None
    assert both.likeness >= alone.likeness
    assert ORDER.index(both.verdict) >= ORDER.index(alone.verdict)


@given(one=COSINES, other=COSINES)
def test_of_two_judges_the_one_that_sees_more_counts(one: float, other: float) -> None:
    both = judged(figures(outside=one, second=other), [], [OUTSIDE, SECOND])
    singles = [judged(figures(outside=value), [], [OUTSIDE]).likeness for value in (one, other)]
    assert both.likeness == max(value for value in singles if value is not None)


def test_the_worst_view_counts_and_is_named() -> None:
    judgement = judged({"outside": {"file": 0.0, "after_any": 0.9}}, [], [OUTSIDE])
    assert judgement.verdict is Verdict.RECOGNISABLE
    assert judgement.worst == "after_any"


@pytest.mark.parametrize(("likeness", "verdict"), [*zip((24.0, 26.0, 51.0, 76.0), ORDER, strict=True)])
def test_a_face_counts_as_unknown_only_below_the_wide_margin(likeness: float, verdict: Verdict) -> None:
    scale = scale_of(OUTSIDE)
    cosine = next(c / 1000 for c in range(-200, 1000) if scale.likeness(c / 1000) >= likeness)
    assert judged({"outside": {"file": cosine}}, [], [OUTSIDE]).verdict is verdict


def test_judges_without_a_measured_scale_are_said_to_be_such() -> None:
    assert judged(figures(outside=0.1), [], [OUTSIDE]).is_assumed
