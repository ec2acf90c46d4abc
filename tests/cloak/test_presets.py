"""What may be seen of a cloak, and how many steps a face gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from photoguard.cloak import PRESETS
from photoguard.domain import Strength

STANDARD, STRONG = PRESETS[Strength.STANDARD], PRESETS[Strength.STRONG]
MIDDLING_PX = 240


def test_a_budget_holds_by_libjxls_measure_too_which_says_a_little_more() -> None:
    assert STANDARD.budget.holds(65.0, 2.195)
    assert not STANDARD.budget.holds(65.0, 2.199)
    assert not STANDARD.budget.holds(64.9, 2.0)


@pytest.mark.parametrize("encoders", [1, 2, 5, 9])
def test_more_encoders_never_get_fewer_steps_and_never_more_than_the_most(encoders: int) -> None:
    steps = STANDARD.steps(encoders, MIDDLING_PX)
    assert STANDARD.steps(1, MIDDLING_PX) <= steps <= STANDARD.most_steps
    assert steps <= STANDARD.steps(encoders + 1, MIDDLING_PX)


@pytest.mark.parametrize("encoders", [1, 5])
def test_large_faces_get_no_more_steps_than_others(encoders: int) -> None:
    small, middling, large = (STANDARD.steps(encoders, px) for px in (80, MIDDLING_PX, 500))
    assert small == middling >= large > 0


@pytest.mark.parametrize("encoders", [1, 3, 5])
def test_at_strong_a_large_face_gets_more_steps_than_others_for_it_has_far_to_go(encoders: int) -> None:
    assert STRONG.steps(encoders, 500) > STRONG.steps(encoders, MIDDLING_PX) >= STANDARD.steps(encoders, 500)


def test_a_large_face_gets_no_fewer_than_one_encoder_needs() -> None:
    assert STANDARD.steps(1, 500) == STANDARD.steps(1, MIDDLING_PX)
    assert STANDARD.steps(5, 500) >= STANDARD.steps(1, 500)


def test_on_a_small_face_one_encoder_looks_in_each_step_and_all_steps_are_taken() -> None:
    assert STANDARD.encoders_per_step(80) == 1 < STANDARD.encoders_per_step(MIDDLING_PX)
    assert STANDARD.steps(5, 80) == STANDARD.most_steps


def test_a_quick_preset_stays_quick_on_large_faces() -> None:
    assert replace(STANDARD, most_steps=6).steps(5, 500) <= 6
