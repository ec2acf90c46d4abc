"""Strangers are near 0, one person near 1, whoever looked; who saw only one of both has no say."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from photoguard.personas.resemblance import is_alike, resemblance


def pair(cosine: float) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    one = np.array([1.0, 0.0, 0.0], np.float32)
    return one, np.array([cosine, (1 - cosine**2) ** 0.5, 0.0], np.float32)


@pytest.mark.parametrize(
    ("cosines", "expected"),
    [
        ({"dlib": 0.833}, 0.0),
        ({"dlib": 0.955}, 1.0),
        ({"other": 0.65}, 1.0),
        ({"other": 0.0}, 0.0),
        ({"dlib": 0.955, "other": 0.0}, 0.5),
        ({"dlib": 0.955, "other": 0.0, "third": 0.65}, 2 / 3),
        ({}, 0.0),
    ],
)
def test_each_recogniser_speaks_in_its_own_scale(cosines: dict[str, float], expected: float) -> None:
    pairs = {name: pair(cosine) for name, cosine in cosines.items()}
    one = {name: both[0] for name, both in pairs.items()} | {"only here": pair(1.0)[0]}
    other = {name: both[1] for name, both in pairs.items()} | {"only there": pair(1.0)[0]}
    assert resemblance(one, other) == pytest.approx(expected, abs=1e-5)
    assert resemblance(other, one) == resemblance(one, other)


@pytest.mark.parametrize(("encoders", "least"), [(1, 0.8), (3, 0.8), (4, 0.65), (5, 0.65)])
def test_few_recognisers_must_be_surer(encoders: int, least: float) -> None:
    for score, expected in ((least - 0.01, False), (least + 0.01, True)):
        pairs = [pair(0.65 * score) for _ in range(encoders)]
        one, other = ({str(number): both[side] for number, both in enumerate(pairs)} for side in (0, 1))
        assert is_alike(one, other) is expected
