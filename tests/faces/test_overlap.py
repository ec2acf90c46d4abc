"""Which boxes mean the same face."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from photoguard.domain import Box, Face, LandmarkKind
from photoguard.faces.overlap import intersection, merged

numbers = st.floats(-500, 500)
sizes = st.floats(1, 400)
boxes = st.builds(Box, numbers, numbers, sizes, sizes)
faces = st.builds(
    lambda box, score: Face(box, ((0.0, 0.0),) * 5, LandmarkKind.FIVE, score, "made"), boxes, st.floats(-1, 3)
)


def at(x: float, y: float, side: float, score: float = 1.0) -> Face:
    return Face(Box(x, y, side, side), ((0.0, 0.0),) * 5, LandmarkKind.FIVE, score, "made")


@given(boxes, boxes)
def test_the_shared_area_is_symmetric_and_within_both(one: Box, other: Box) -> None:
    shared = intersection(one, other)
    assert shared == intersection(other, one)
    assert 0 <= shared <= min(one.width * one.height, other.width * other.height) * (1 + 1e-9)


@given(boxes)
def test_a_box_shares_all_of_itself(box: Box) -> None:
    assert abs(intersection(box, box) / (box.width * box.height) - 1) < 1e-6


@given(st.lists(faces, max_size=12))
def test_merging_keeps_the_best_and_merges_no_further(found: list[Face]) -> None:
    kept = merged(found)
    assert all(face in found for face in kept)
    assert bool(kept) == bool(found)
    if found:
        assert kept[0].score == max(face.score for face in found)
    assert merged(kept) == kept


@given(st.lists(faces, max_size=12))
def test_what_was_dropped_overlaps_something_better(found: list[Face]) -> None:
    kept = merged(found)
    for face in found:
        if face not in kept:
            assert any(other.score >= face.score and intersection(face.box, other.box) > 0 for other in kept)


def test_neighbours_stay_two() -> None:
    assert len(merged([at(0, 0, 100), at(105, 0, 100)])) == 2
    assert len(merged([at(0, 0, 100), at(80, 0, 100)])) == 2


def test_one_face_found_twice_is_one() -> None:
    assert merged([at(0, 0, 100, 0.5), at(6, 4, 96, 0.9)]) == [at(6, 4, 96, 0.9)]


def test_a_part_of_a_face_is_no_face_of_its_own() -> None:
    assert merged([at(0, 0, 200, 0.9), at(60, 60, 60, 0.5)]) == [at(0, 0, 200, 0.9)]
