"""The cloak as a whole: it weakens the likeness, keeps its budget on the written pixels, and touches nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from stand_ins import SmallEncoder, drawn, face_at, photo_of

from photoguard.cloak import LEAST_FACE_PX, PRESETS, Budget, Cloaked, cloak
from photoguard.cloak.layer import Layer
from photoguard.cloak.likeness import embedding
from photoguard.cloak.overlapping import Applied, together
from photoguard.cloak.region import around, display_crop
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.cloak.visibility import Judge
from photoguard.domain import Face, ImageFormat, Photo, Progress, Strength
from photoguard.errors import Cancelled, ProblemCode
from photoguard.pixels import decode, encode

FACE = face_at(60, 50, 96)
QUICK = replace(PRESETS[Strength.STANDARD], most_steps=14)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return photo_of(drawn(240, 220, (FACE,)), ImageFormat.JPEG)


@pytest.fixture(scope="module")
def cloaked(photo: Photo) -> Cloaked:
    return cloak(photo, [FACE], [SmallEncoder()], QUICK, encoding=photo.encoding)


def likeness(one: np.ndarray, other: np.ndarray, face: Face, encoder: SmallEncoder) -> float:
    with torch.no_grad():
        a, b = (
            embedding(encoder, torch.from_numpy(p.copy()).permute(2, 0, 1)[None].float() / 255, face)
            for p in (one, other)
        )
    return float((a * b).sum())


def test_the_encoder_sees_less_of_the_person(photo: Photo, cloaked: Cloaked) -> None:
    written = decode(encode(replace(photo, pixels=cloaked.pixels), photo.encoding)).pixels
    recoded = decode(encode(photo, photo.encoding)).pixels
    alone = likeness(photo.pixels, recoded, FACE, SmallEncoder())
    assert alone > 0.98  # coding alone does nothing to the likeness
    assert likeness(photo.pixels, written, FACE, SmallEncoder()) < alone - 0.05


def test_the_budget_holds_on_the_written_pixels(photo: Photo, cloaked: Cloaked) -> None:
    written = decode(encode(replace(photo, pixels=cloaked.pixels), photo.encoding)).pixels
    seen = Judge(display_crop(photo.pixels, FACE.box)).visibility(display_crop(written, FACE.box))
    assert QUICK.budget.holds(seen.ssimulacra2 + 0.5, seen.butteraugli - 0.03)
    # and it is used: a cloak far inside its budget gives protection away
    assert seen.ssimulacra2 < QUICK.budget.least_ssimulacra2 + 25


def test_a_smaller_budget_changes_less(photo: Photo, cloaked: Cloaked) -> None:
    small = cloak(photo, [FACE], [SmallEncoder()], replace(QUICK, budget=Budget(65.0, 1.0)), encoding=photo.encoding)
    changes = [np.abs(one.pixels.astype(int) - photo.pixels).mean() for one in (small, cloaked)]
    assert 0 < changes[0] < 0.8 * changes[1]


def test_nothing_changes_away_from_the_face(photo: Photo, cloaked: Cloaked) -> None:
    region = around(FACE)
    outside = np.ones(photo.pixels.shape[:2], bool)
    outside[max(0, region.top) : region.top + region.side, max(0, region.left) : region.left + region.side] = False
    assert np.array_equal(photo.pixels[outside], cloaked.pixels[outside])
    assert not np.array_equal(photo.pixels, cloaked.pixels)


def test_the_change_ends_softly(photo: Photo, cloaked: Cloaked) -> None:
    """No seam: along the border of what may change, the change is next to nothing."""
    change = np.abs(cloaked.pixels.astype(int) - photo.pixels).max(2)
    rows, columns = np.nonzero(change > 1)
    box = FACE.box
    radius = ((columns - box.x - box.width / 2) / (box.width / 2)) ** 2
    radius += ((rows - box.y - box.height / 2) / (box.height / 2)) ** 2
    assert np.sqrt(radius).max() < 1.31


def test_same_seed_same_pixels(photo: Photo, cloaked: Cloaked) -> None:
    again = cloak(photo, [FACE], [SmallEncoder()], QUICK, encoding=photo.encoding)
    other = cloak(photo, [FACE], [SmallEncoder()], QUICK, encoding=photo.encoding, seed=5)
    assert np.array_equal(again.pixels, cloaked.pixels)
    assert not np.array_equal(other.pixels, cloaked.pixels)


def test_grey_stays_grey() -> None:
    pixels = drawn(240, 220, (FACE,), grey=True)
    done = cloak(
        photo_of(pixels), [FACE], [SmallEncoder()], replace(QUICK, most_steps=6), encoding=photo_of(pixels).encoding
    )
    assert done.pixels.shape == pixels.shape
    assert not np.array_equal(done.pixels, pixels)


def test_the_change_is_light_and_shade_rather_than_hue(photo: Photo, cloaked: Cloaked) -> None:
    change = cloaked.pixels.astype(float) - photo.pixels
    luma = change @ (0.299, 0.587, 0.114)
    # patches of another hue, a tenth of the face wide
    patches = (change - luma[..., None])[50:174, 60:156].reshape(-1, 31, 4, 24, 3).mean((1, 3)).std()
    assert patches < 0.5 * luma[50:174, 60:156].std()


def test_a_tiny_face_is_left_and_told(photo: Photo) -> None:
    tiny = face_at(10, 10, LEAST_FACE_PX - 2)
    done = cloak(photo, [tiny, FACE], [SmallEncoder()], replace(QUICK, most_steps=4), encoding=photo.encoding)
    assert [one.face for one in done.faces] == [tiny, FACE]
    problem = done.faces[0].problem
    assert problem is not None
    assert problem.code is ProblemCode.FACE_TOO_SMALL
    assert done.faces[1].problem is None
    assert done.faces[1].strength > 0
    inside = np.s_[10 : 10 + round(tiny.box.height) // 2, 10 : 10 + LEAST_FACE_PX // 2]
    assert np.array_equal(done.pixels[inside], photo.pixels[inside])


@pytest.mark.parametrize("place", [(-30, 40), (180, 40), (70, -40), (70, 150)])
def test_a_face_cut_by_the_border(place: tuple[int, int]) -> None:
    face = face_at(*place, 96)
    photo = photo_of(drawn(240, 220, (face,)))
    done = cloak(photo, [face], [SmallEncoder()], replace(QUICK, most_steps=4), encoding=photo.encoding)
    assert done.faces[0].strength > 0
    assert done.pixels.shape == photo.pixels.shape


def test_overlapping_faces_both_keep_the_budget() -> None:
    faces = [face_at(30, 50, 90), face_at(95, 60, 90)]
    photo = photo_of(drawn(240, 220, tuple(faces)))
    done = cloak(photo, faces, [SmallEncoder()], replace(QUICK, most_steps=8), encoding=photo.encoding)
    for face in faces:
        seen = Judge(display_crop(photo.pixels, face.box)).visibility(display_crop(done.pixels, face.box))
        assert QUICK.budget.holds(seen.ssimulacra2 + 0.5, seen.butteraugli - 0.03)


def test_cloaks_that_meet_are_weakened_together() -> None:
    faces = [face_at(40, 50, 90), face_at(100, 60, 90), face_at(40, 220, 60)]
    photo = photo_of(drawn(360, 280, faces), ImageFormat.PNG)
    regions = [around(face) for face in faces]
    strong = [
        Applied(Layer(region, np.repeat(region.feather()[0, 0].numpy()[:, :, None] * 24 / 255, 3, 2)), 1.0)
        for region in regions
    ]
    alone = [
        Rehearsal(photo.pixels, photo.pixels, each.layer.region, photo.encoding).seen(each.layer) for each in strong
    ]
    budget = Budget(0.0, 1.05 * max(seen.butteraugli for seen in alone))
    held = together(photo.pixels, strong, budget, photo.encoding)
    assert held.strengths[2] == 1.0, "it meets no other"
    assert held.strengths[0] < 1
    assert held.strengths[1] < 1
    for region in regions:
        seen = Rehearsal(photo.pixels, held.pixels, region, photo.encoding).standing()
        assert seen.butteraugli <= budget.most_butteraugli


def test_progress_counts_every_step_and_can_stop(photo: Photo) -> None:
    told: list[Progress] = []
    preset = replace(QUICK, most_steps=6)
    each = preset.steps(1, around(FACE).displayed_px)

    def listen(progress: Progress) -> None:
        told.append(progress)
        if len(told) == each + 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        cloak(
            photo,
            [FACE, FACE],
            [SmallEncoder()],
            preset,
            encoding=photo.encoding,
            listener=listen,
        )
    assert [(one.face, one.step) for one in told] == [(1, n) for n in range(each)] + [(2, n) for n in range(3)]
    assert all(one.faces == 2 and one.steps == each for one in told)
    left = [one.seconds_left for one in told if one.seconds_left is not None]
    assert left
    assert min(left) >= 0


def test_several_encoders_all_see_less(photo: Photo) -> None:
    encoders = [SmallEncoder(f"small{seed}", seed=seed) for seed in range(3)]
    done = cloak(photo, [FACE], encoders, QUICK, encoding=photo.encoding)
    assert all(likeness(photo.pixels, done.pixels, FACE, encoder) < 0.97 for encoder in encoders)


def test_the_source_pixels_are_not_touched(photo: Photo) -> None:
    before = photo.pixels.copy()
    cloak(photo, [FACE], [SmallEncoder()], replace(QUICK, most_steps=3), encoding=photo.encoding)
    assert np.array_equal(before, photo.pixels)
