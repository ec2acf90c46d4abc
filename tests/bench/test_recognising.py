"""What a recogniser is shown."""

from __future__ import annotations

import numpy as np
import pytest
from stand_ins import SmallEncoder, drawn, face_at

from photoguard.bench.recognising import vectors
from photoguard.domain import Platform
from photoguard.platforms import HANDLINGS
from photoguard.proof.pairing import carried_over
from photoguard.proof.posting import posted


def test_posting_keeps_small_photos_in_size_and_reduces_wide_ones() -> None:
    for size, expected in (((600, 400), (600, 400)), ((2160, 300), (1080, 150))):
        shown = posted(np.zeros((size[1], size[0], 3), np.uint8), HANDLINGS[Platform.ANY])
        assert (shown.shape[1], shown.shape[0]) == expected


def test_posting_recompresses_and_makes_grey_photos_colour_files() -> None:
    picture = drawn(320, 240, (face_at(100, 60, 90),))
    shown = posted(picture, HANDLINGS[Platform.ANY])
    assert not np.array_equal(shown, picture)
    assert np.abs(shown.astype(int) - picture).mean() < 6
    assert posted(picture[..., 0], HANDLINGS[Platform.ANY]).shape == picture.shape


def test_landmarks_follow_the_photo_to_another_size() -> None:
    face = face_at(100, 60, 90)
    smaller = carried_over(face, (800, 600), (400, 300))
    # the centre of the pixel block 0..1 is at 0.5 in the large photo and at 0 in the small one
    x, y = face.landmarks[0]
    assert smaller.landmarks[0] == pytest.approx(((x - 0.5) / 2, (y - 0.5) / 2))
    assert smaller.box.width == pytest.approx(45)


def test_the_same_face_in_half_the_size_is_the_same_person() -> None:
    face = face_at(300, 180, 280)
    large = drawn(960, 720, (face,))
    small = large.reshape(360, 2, 480, 2, 3).mean((1, 3)).round().astype(np.uint8)
    encoder = SmallEncoder()
    own = np.array(vectors(large, face, [encoder])["small"])
    other = np.array(vectors(small, carried_over(face, (960, 720), (480, 360)), [encoder])["small"])
    moved = carried_over(face_at(330, 180, 280), (960, 720), (480, 360))
    wrong = np.array(vectors(small, moved, [encoder])["small"])
    assert own @ other > 0.97
    assert own @ wrong < own @ other - 0.03
