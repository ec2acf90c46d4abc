"""The similarity that brings landmarks onto a template, and the two kinds of landmarks against each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.domain import Box, Face, LandmarkKind
from photoguard.faces import alignment

Matrix = npt.NDArray[np.float64]
angles = st.floats(-np.pi, np.pi)
zooms = st.floats(0.05, 20)
shifts = st.floats(-5000, 5000)


def turned(angle: float, zoom: float, x: float, y: float) -> Matrix:
    cosine, sine = zoom * np.cos(angle), zoom * np.sin(angle)
    return np.array([[cosine, -sine, x], [sine, cosine, y]])


def moved(points: Matrix, matrix: Matrix) -> Matrix:
    return points @ matrix[:, :2].T + matrix[:, 2]


def face_with(points: Matrix, kind: LandmarkKind) -> Face:
    return Face(Box(0, 0, 1, 1), tuple((float(x), float(y)) for x, y in points), kind, 1.0, "made")


@given(angles, zooms, shifts, shifts)
def test_an_exact_similarity_is_found_again(angle: float, zoom: float, x: float, y: float) -> None:
    points = np.asarray(alignment.five_points("arcface112"))
    wanted = turned(angle, zoom, x, y)
    found = alignment.similarity(points, moved(points, wanted))
    assert np.allclose(found, wanted, rtol=1e-6, atol=1e-6 * max(1, abs(x), abs(y)))


@given(st.integers(0, 2**32 - 1))
def test_no_other_similarity_comes_nearer(seed: int) -> None:
    chance = np.random.default_rng(seed)
    points, targets = chance.normal(0, 50, (2, 5, 2))
    best = alignment.similarity(points, targets)
    error = np.square(moved(points, best) - targets).sum()
    for _ in range(20):
        other = (
            best
            + chance.normal(0, 0.03) * np.array([[1, 0, 0], [0, 1, 0]])
            + chance.normal(0, 0.03) * np.array([[0, -1, 0], [1, 0, 0]])
        )
        other[:, 2] += chance.normal(0, 1, 2)
        assert np.square(moved(points, other) - targets).sum() >= error - 1e-6


@given(st.integers(0, 2**32 - 1))
def test_a_similarity_never_mirrors_and_never_shears(seed: int) -> None:
    points, targets = np.random.default_rng(seed).normal(0, 50, (2, 5, 2))
    linear = alignment.similarity(points, targets)[:, :2]
    assert np.linalg.det(linear) >= 0
    assert np.isclose(linear[0, 0], linear[1, 1])
    assert np.isclose(linear[0, 1], -linear[1, 0])


def test_mirrored_points_are_turned_rather_than_mirrored() -> None:
    points = np.asarray(alignment.five_points("arcface112"))
    assert np.linalg.det(alignment.similarity(points, points * [-1, 1])[:, :2]) > 0


def test_points_that_coincide_are_shifted() -> None:
    found = alignment.similarity(np.full((5, 2), 7.0), np.asarray(alignment.five_points("arcface112")))
    assert np.isfinite(found).all()
    assert np.allclose(moved(np.full((5, 2), 7.0), found), np.mean(alignment.five_points("arcface112"), 0))


@given(st.sampled_from(["arcface112", "omz128"]), angles, zooms, shifts, shifts)
def test_a_face_that_lies_as_the_template_fits_exactly(
    template: str, angle: float, zoom: float, x: float, y: float
) -> None:
    points = np.asarray(alignment.five_points(template))
    there = moved(points, turned(angle, zoom, x, y))
    matrix = alignment.fit(face_with(there, LandmarkKind.FIVE), template)
    assert np.allclose(moved(there, matrix), points, atol=1e-6 * max(1, abs(x), abs(y)))


@given(st.sampled_from(alignment.TEMPLATES), st.sampled_from(list(LandmarkKind)), angles, zooms, shifts, shifts)
def test_moving_the_photo_moves_the_fit(
    template: str, kind: LandmarkKind, angle: float, zoom: float, x: float, y: float
) -> None:
    if kind is LandmarkKind.FIVE:
        points = np.asarray(alignment.five_points("arcface112"))
    else:
        points = np.asarray([(75, 30), (62, 31), (30, 30), (43, 31), (52, 55)], dtype=np.float64)
    move = turned(angle, zoom, x, y)
    before = alignment.fit(face_with(points, kind), template)
    after = alignment.fit(face_with(moved(points, move), kind), template)
    corners = np.array([(0.0, 0.0), (100, 0), (0, 100)])
    assert np.allclose(moved(corners, before), moved(moved(corners, move), after), atol=1e-5 * max(1, abs(x), abs(y)))


@given(angles, zooms)
def test_the_two_kinds_of_landmarks_turn_into_each_other(angle: float, zoom: float) -> None:
    five = moved(np.asarray(alignment.five_points("arcface112")), turned(angle, zoom, 300, 200))
    there = alignment.five_from_dlib5(alignment.dlib5_from_five(five))
    eye_distance = np.linalg.norm(five[1] - five[0])
    # two least-squares maps are no exact inverses: the nose base alone cannot tell every mouth
    assert np.abs(there - five).max() < 0.2 * eye_distance


def test_dlib_points_keep_their_order() -> None:
    points = alignment.dlib5_from_five(np.asarray(alignment.five_points("arcface112")))
    across = points[:, 0]
    assert across[0] > across[1] > across[3] > across[2]  # image-right outer, inner; image-left inner, outer
    assert points[4, 1] > points[:4, 1].max()


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(KeyError):
        alignment.fit(face_with(np.zeros((5, 2)), LandmarkKind.FIVE), "nobody")
