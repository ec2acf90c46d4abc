"""Errors carry codes and facts, and travel between processes."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.errors import Failed, PhotoguardError, Problem, ProblemCode, Refused, UsageMistake

facts = st.dictionaries(
    st.sampled_from(["width_px", "model", "count", "kind"]),
    st.one_of(st.integers(), st.floats(allow_nan=False), st.sampled_from(["", "JPEG", "한글", "a b"])),
    max_size=4,
)


@given(st.sampled_from([Refused, Failed, UsageMistake]), st.sampled_from(ProblemCode), facts)
def test_an_error_survives_pickling(
    kind: type[PhotoguardError], code: ProblemCode, known: dict[str, float | str]
) -> None:
    error = kind(code, **known)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert again.problem == error.problem
    assert str(again) == code.value


@given(st.sampled_from(ProblemCode), facts)
def test_a_problem_survives_pickling_and_copying(code: ProblemCode, known: dict[str, float | str]) -> None:
    problem = PhotoguardError(code, **known).problem
    for again in (pickle.loads(pickle.dumps(problem)), copy.deepcopy(problem)):
        assert again == problem
        assert dict(again.facts) == known


def test_facts_cannot_be_changed() -> None:
    problem = Refused(ProblemCode.ANIMATED, frames=3).problem
    with pytest.raises(TypeError):
        problem.facts["frames"] = 4  # type: ignore[index]
    with pytest.raises(TypeError):
        Problem(ProblemCode.NO_FACE).facts["a"] = 1  # type: ignore[index]


def test_codes_are_words_of_the_contract_and_differ() -> None:
    values = [code.value for code in ProblemCode]
    assert len(set(values)) == len(values)
    assert all(code.value == code.name.lower() for code in ProblemCode)
