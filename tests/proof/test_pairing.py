"""Faces are found again in copies of the same shot, and in nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from stand_ins import drawn, face_at

from photoguard.domain import Face
from photoguard.proof.pairing import Match, Relation, carried_over, matched, relation, shows_same

FACE = face_at(170, 120, 150)
PHOTO = drawn(520, 480, (FACE,))
SIZE = (520, 480)


def moved(face: Face, right: float, down: float) -> Face:
    box = replace(face.box, x=face.box.x + right, y=face.box.y + down)
    return replace(face, box=box, landmarks=tuple((x + right, y + down) for x, y in face.landmarks))


def turned(face: Face) -> Face:
    """A quarter counter-clockwise, in a photo 520 wide."""
    points = tuple((y, 519 - x) for x, y in face.landmarks)
    box = replace(face.box, x=face.box.y, y=520 - face.box.x - face.box.width, width=face.box.height)
    return replace(face, box=replace(box, height=face.box.width), landmarks=points)


SMALL = np.asarray(Image.fromarray(PHOTO).resize((260, 240), Image.Resampling.LANCZOS))
COPIES = [
    (PHOTO, FACE, Relation.SAME),
    (SMALL, carried_over(FACE, SIZE, (260, 240)), Relation.RESIZED),
    (PHOTO[60:420, 100:470].copy(), moved(FACE, -100, -60), Relation.CROPPED),
    (np.rot90(PHOTO).copy(), turned(FACE), Relation.TURNED),
]


@pytest.mark.parametrize(("copy", "there", "expected"), COPIES, ids=[str(one[2]) for one in COPIES])
def test_the_same_shot_is_found_and_what_happened_to_its_frame(
    copy: np.ndarray, there: Face, expected: Relation
) -> None:
    (match,) = matched(PHOTO, [FACE], copy, [there])
    assert match.original is FACE
    assert match.copy is there
    assert relation(match, SIZE, (copy.shape[1], copy.shape[0])) is expected


def test_another_picture_is_no_copy() -> None:
    other = drawn(520, 480, (face_at(60, 20, 300),))
    assert matched(PHOTO, [FACE], other, [FACE]) == ()
    assert not shows_same(PHOTO, FACE, other, FACE)


def test_a_mirrored_picture_is_not_taken_for_the_same() -> None:
    chance = np.random.default_rng(3)
    lopsided = np.clip(PHOTO + 60 * (np.arange(520) > 245)[None, :, None] + chance.normal(0, 2, PHOTO.shape), 0, 255)
    photo = lopsided.astype(np.uint8)
    mirrored = photo[:, ::-1].copy()
    points = tuple((519 - x, y) for x, y in FACE.landmarks)
    left_first = replace(FACE, landmarks=tuple(points[place] for place in (1, 0, 2, 4, 3)))
    assert matched(photo, [FACE], mirrored, [left_first]) == ()


def test_each_face_is_paired_with_itself_among_several() -> None:
    faces = [face_at(30, 60, 110), face_at(330, 200, 130)]
    photo = drawn(520, 480, tuple(faces))
    matches = matched(photo, faces, photo, [faces[1], faces[0]])
    assert [match.copy for match in matches] == faces


def test_a_face_carried_to_another_size_and_back_is_where_it_was() -> None:
    there = carried_over(FACE, SIZE, (1040, 480))
    back = carried_over(there, (1040, 480), SIZE)
    assert np.allclose(back.landmarks, FACE.landmarks)
    assert there.box.width == pytest.approx(2 * FACE.box.width)
    assert relation(Match(FACE, there, 1.0), SIZE, (1040, 480)) is Relation.CROPPED, "stretched is not resized"
