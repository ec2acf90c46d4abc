"""What is said about the time left is worth saying: checked against runs drawn by chance."""

from __future__ import annotations

import random

import pytest

from photoguard.batch.estimate import Estimate


def test_nothing_is_said_before_anything_is_known() -> None:
    estimate = Estimate()
    for _ in range(3):
        estimate.add(10)
        assert estimate.left(100, 0, 1) is None
    estimate.add(10)
    assert estimate.left(100, 0, 1) is not None


def test_equal_photos_give_one_number() -> None:
    estimate = Estimate()
    for _ in range(5):
        estimate.add(10)
    left = estimate.left(40, 15, 2)
    assert left is not None
    assert left.low == left.high == pytest.approx((400 - 15) / 2)


@pytest.mark.parametrize("spread", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("done", [8, 30])
def test_the_truth_lies_between_in_most_runs(spread: float, done: int) -> None:
    chance = random.Random(7)
    hits = 0
    for _ in range(400):
        took = [chance.lognormvariate(2, spread) for _ in range(done + 60)]
        estimate = Estimate()
        for seconds in took[:done]:
            estimate.add(seconds)
        left = estimate.left(60, 0, 1)
        assert left is not None
        hits += left.low <= sum(took[done:]) <= left.high
    assert 0.65 <= hits / 400 <= 0.92  # neither a bare guess nor so wide that it says nothing


def test_it_narrows_with_experience() -> None:
    chance = random.Random(3)
    estimate = Estimate()
    widths = []
    for number in range(1, 200):
        estimate.add(chance.uniform(5, 15))
        if number in {10, 50, 199}:
            left = estimate.left(100, 0, 1)
            assert left is not None
            widths.append(left.high - left.low)
    assert widths == sorted(widths, reverse=True)
