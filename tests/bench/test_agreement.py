"""How agreement and calibration are counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.bench.agreement import Compared, rank_correlation, scaled, table, wrongly_reassuring
from photoguard.bench.calibrating import calibrated, strangers_above
from photoguard.domain import Judgement, Verdict


def compared(verdict: Verdict, *, is_known: bool) -> Compared:
    return Compared("-", Judgement(verdict, 10.0), 50.0, is_known)


@given(st.lists(st.integers(-1000, 1000), min_size=3, max_size=30, unique=True))
def test_ranks_see_order_and_nothing_else(values: list[int]) -> None:
    assert rank_correlation(values, [value**3 for value in values]) == pytest.approx(1)
    assert rank_correlation(values, [-value for value in values]) == pytest.approx(-1)


def test_equal_values_share_their_rank() -> None:
    # by hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4
    assert rank_correlation([1, 5, 5, 9], [1, 2, 3, 4]) == pytest.approx(4.5 / np.sqrt(4.5 * 5))
    assert rank_correlation([3, 3, 3], [1, 2, 3]) == 0


def test_a_change_grows_until_the_picture_has_no_room_for_it() -> None:
    before, after = np.full((2, 2), 100, np.uint8), np.full((2, 2), 110, np.uint8)
    assert np.array_equal(scaled(before, after, 1), after)
    assert (scaled(before, after, 2.2) == 122).all()
    assert (scaled(before, after, 40) == 255).all()
    assert (scaled(after, before, 40) == 0).all()


def test_only_a_reassuring_verdict_on_a_known_face_is_wrong() -> None:
    faces = [compared(verdict, is_known=known) for verdict in Verdict for known in (True, False)]
    assert wrongly_reassuring(faces) == 2 / len(faces)
    assert wrongly_reassuring([]) == 0
    assert "| unlike | 1 | 1 |" in table(faces)


def test_calibration_reads_quantiles_off_a_known_distribution() -> None:
    chance = np.random.default_rng(4)
    people = [f"p{number}" for number in range(300) for _ in range(2)]
    centres = chance.normal(size=(300, 64)).repeat(2, 0)
    vectors = centres + chance.normal(0, 0.5, centres.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = [(2 * number, 2 * number + 1) for number in range(300)]
    numbers = calibrated(people, vectors, pairs)
    # strangers in 64 dimensions: mean 0, standard deviation 1/8; one person: 1 / (1 + 0.5**2)
    assert numbers["strangers"] == pytest.approx(0, abs=0.01)
    assert numbers["far1e-2"] == pytest.approx(2.326 / 8, abs=0.02)
    assert numbers["far1e-3"] == pytest.approx(3.09 / 8, abs=0.03)
    assert numbers["own"] == pytest.approx(0.8, abs=0.02)
    assert numbers["own_low"] < numbers["own"]
    assert strangers_above(people, vectors, numbers["far1e-2"]) == pytest.approx(0.01, abs=0.001)
