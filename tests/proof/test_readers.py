"""Readers cut a face the way the tools do that they stand for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from stand_ins import SmallEncoder, drawn, face_at

from photoguard.encoders.chips import cut
from photoguard.faces import alignment
from photoguard.proof.readers import Reader, readers, seen_by

FACE = face_at(150, 90, 160)
ENCODER = SmallEncoder()


def picture(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


PHOTO = picture(drawn(480, 440, (FACE,)))


def reader(name: str) -> Reader:
    return next(one for one in readers() if one.name == name)


def test_the_table_names_known_ways_only() -> None:
    names = [one.name for one in readers()]
    assert len(set(names)) == len(names)
    for one in readers():
        assert one.outside in {"black", "repeated"}
        assert one.fit in {"least_squares", "ransac"}
        assert one.tools


def test_the_insightface_way_is_the_plain_cut_by_five_landmarks() -> None:
    chip = reader("insightface").chips(PHOTO, FACE, 480, ENCODER.chip)
    plain = cut(PHOTO, alignment.fit(FACE, ENCODER.chip.template), ENCODER.chip.size)
    assert torch.allclose(chip, plain, atol=1e-5)


def test_a_face_at_the_border_is_black_outside_for_one_and_repeated_for_the_other() -> None:
    face = face_at(-70, 90, 160)
    white = torch.ones(1, 3, 440, 480)
    black = reader("insightface").chips(white, face, 480, ENCODER.chip)
    repeated = reader("facefusion").chips(white, face, 480, ENCODER.chip)
    assert black.min() == 0
    assert repeated.min() == pytest.approx(1)


def test_a_reader_that_shrinks_first_sees_fine_stripes_as_grey() -> None:
    """Sampling a large face without a filter sees single pixels of it."""
    side = 1600
    stripes = torch.zeros(1, 3, side, side)
    stripes[..., ::2] = 1
    face = face_at(300, 200, 900)
    plain = reader("insightface").chips(stripes, face, side, ENCODER.chip)
    shrunk = reader("shrunk").chips(stripes, face, side, ENCODER.chip)
    assert shrunk.std() < 0.05 < plain.std()


def test_landmarks_of_a_small_copy_are_coarse() -> None:
    near = replace(FACE, landmarks=tuple((x + 0.9, y + 0.9) for x, y in FACE.landmarks))
    one = reader("small_detector")
    fine = one.chips(PHOTO, near, 320, ENCODER.chip) - one.chips(PHOTO, FACE, 320, ENCODER.chip)
    whole = tuple((float(round(x / 8) * 8), float(round(y / 8) * 8)) for x, y in FACE.landmarks)
    coarse = one.chips(PHOTO, FACE, 320 * 16, ENCODER.chip) - one.chips(
        PHOTO, replace(FACE, landmarks=whole), 320, ENCODER.chip
    )
    assert fine.abs().max() > 0.01
    assert coarse.abs().max() < 1e-5


def test_every_reader_gives_one_unit_vector_in_one_pass() -> None:
    seen = seen_by(ENCODER, readers(), PHOTO, FACE, 480)
    assert set(seen) == {one.name for one in readers()}
    for one in readers():
        assert float(seen[one.name].norm()) == pytest.approx(1, abs=1e-5)
        alone = seen_by(ENCODER, [one], PHOTO, FACE, 480)[one.name]
        assert torch.allclose(alone, seen[one.name], atol=1e-5)


def test_an_averaging_reader_is_the_mean_of_its_looks() -> None:
    one = reader("averaged")
    looks = ENCODER.embed(one.chips(PHOTO, FACE, 480, ENCODER.chip))
    mean = torch.nn.functional.normalize(looks.mean(0), dim=0)
    assert len(looks) == len(one.averages) > 1
    assert torch.allclose(seen_by(ENCODER, [one], PHOTO, FACE, 480)["averaged"], mean, atol=1e-5)
