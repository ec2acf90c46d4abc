"""What is measured on each face of the written file."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from stand_ins import SmallEncoder, drawn, face_at

from photoguard.domain import Box, Face, Platform
from photoguard.platforms import HANDLINGS
from photoguard.proof.faces import measured, psnr_outside

FACE = face_at(60, 50, 96)
ENCODER = SmallEncoder()
Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def photo() -> Pixels:
    return drawn(240, 220, (FACE,))


def smudged(photo: Pixels, strength: float, box: Box = FACE.box) -> Pixels:
    """Slow waves over the box."""
    rows, columns = np.mgrid[: photo.shape[0], : photo.shape[1]]
    wave = strength * np.sin(columns / 5) * np.cos(rows / 6)
    inside = (rows >= box.y) & (rows < box.y + box.height) & (columns >= box.x) & (columns < box.x + box.width)
    wave = np.where(inside, wave, 0)
    return np.clip(photo + (wave if photo.ndim == 2 else wave[..., None]), 0, 255).astype(np.uint8)


def test_an_unchanged_face_is_the_same_person_and_shows_nothing(photo: Pixels) -> None:
    report = measured(photo, photo, FACE, [ENCODER], Platform.ANY)
    assert report.similarity["small"]["file"] == pytest.approx(1, abs=1e-3)
    assert report.visibility["ssimulacra2"] > 99.9
    assert report.visibility["butteraugli_3norm"] == pytest.approx(0, abs=1e-3)
    assert report.visibility["psnr"] == 99


def test_more_change_is_less_likeness_and_more_to_see(photo: Pixels) -> None:
    little, much = (measured(photo, smudged(photo, s), FACE, [ENCODER], Platform.ANY) for s in (4.0, 16.0))
    assert much.similarity["small"]["file"] < little.similarity["small"]["file"] < 1
    assert much.visibility["ssimulacra2"] < little.visibility["ssimulacra2"] < 100
    assert much.visibility["butteraugli_3norm"] > little.visibility["butteraugli_3norm"] > 0
    assert much.visibility["psnr"] < little.visibility["psnr"]


@pytest.mark.parametrize("platform", Platform)
def test_every_encoder_sees_the_file_and_the_posted_file(photo: Pixels, platform: Platform) -> None:
    encoders = [SmallEncoder("one"), SmallEncoder("two", seed=1)]
    report = measured(photo, smudged(photo, 8), FACE, encoders, platform)
    assert set(report.similarity) == {"one", "two"}
    for views in report.similarity.values():
        assert set(views) == {"file", f"after_{platform}"}
        assert all(-1 <= value <= 1.0001 for value in views.values())


def test_the_posted_view_is_that_of_a_whole_photo_that_was_posted() -> None:
    """Only the surroundings of the face are coded; that must be what the platform would make of all of it."""
    zoom = 4
    large = np.array(Image.fromarray(drawn(480, 440, (face_at(120, 100, 192),))).resize((480 * zoom, 440 * zoom)))
    face = face_at(120 * zoom, 100 * zoom, 192 * zoom)
    reduction = HANDLINGS[Platform.ANY].zoom((large.shape[1], large.shape[0]))
    assert reduction < 1
    size = round(large.shape[1] * reduction), round(large.shape[0] * reduction)
    coded = io.BytesIO()
    Image.fromarray(large).resize(size, Image.Resampling.LANCZOS).save(
        coded, "JPEG", quality=HANDLINGS[Platform.ANY].quality, subsampling=2
    )
    posted = np.array(Image.open(coded))
    here = Face(
        face.box,
        tuple((x * reduction, y * reduction) for x, y in face.landmarks),
        face.landmark_kind,
        1.0,
        "drawn",
    )
    box = Box(*(v * reduction for v in (face.box.x, face.box.y, face.box.width, face.box.height)))
    small_face = Face(box, here.landmarks, face.landmark_kind, 1.0, "drawn")
    clean = np.array(Image.fromarray(large).resize(size, Image.Resampling.LANCZOS))
    whole = measured(clean, posted, small_face, [ENCODER], Platform.ANY).similarity["small"]["file"]
    view = measured(large, large, face, [ENCODER], Platform.ANY).similarity["small"]["after_any"]
    assert view == pytest.approx(whole, abs=0.03)


@pytest.mark.parametrize("face", [face_at(-30, -40, 96), face_at(190, 150, 96), face_at(0, 0, 240)])
def test_a_face_over_the_border_is_measured_too(photo: Pixels, face: Face) -> None:
    report = measured(photo, smudged(photo, 8, Box(0, 0, 240, 220)), face, [ENCODER], Platform.ANY)
    assert np.isfinite([*report.similarity["small"].values(), *report.visibility.values()]).all()


def test_grey_photos_are_measured_as_grey_colours(photo: Pixels) -> None:
    grey = np.ascontiguousarray(photo[..., 1])
    three = np.repeat(grey[..., None], 3, 2)
    one = measured(grey, smudged(grey, 8), FACE, [ENCODER], Platform.ANY)
    other = measured(three, smudged(three, 8), FACE, [ENCODER], Platform.ANY)
    assert one.similarity["small"]["file"] == pytest.approx(other.similarity["small"]["file"], abs=1e-3)
    assert one.visibility["ssimulacra2"] == pytest.approx(other.visibility["ssimulacra2"], abs=0.1)


def test_outside_is_what_lies_outside_the_grown_boxes(photo: Pixels) -> None:
    assert psnr_outside(photo, photo, [FACE.box]) == 99
    assert psnr_outside(photo, smudged(photo, 20), [FACE.box]) == 99  # all of it inside
    assert psnr_outside(photo, smudged(photo, 20), []) < 40
    assert psnr_outside(photo, smudged(photo, 20), [Box(0, 0, 240, 220)]) == 99  # nothing is left outside


def test_outside_is_the_usual_figure(photo: Pixels) -> None:
    chance = np.random.default_rng(0)
    other = np.clip(photo.astype(int) + chance.integers(-3, 4, photo.shape), 0, 255).astype(np.uint8)
    error = np.square(photo.astype(float) - other).mean()
    assert psnr_outside(photo, other, []) == pytest.approx(10 * np.log10(255**2 / error), abs=1e-3)
    grey = psnr_outside(photo[..., 0], other[..., 0], [])
    error = np.square(photo[..., 0].astype(float) - other[..., 0]).mean()
    assert grey == pytest.approx(10 * np.log10(255**2 / error), abs=1e-3)
