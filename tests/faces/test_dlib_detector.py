"""dlib's detectors on a public-domain portrait, at sizes and angles, and on nothing at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from photoguard.domain import Face
from photoguard.errors import Cancelled
from photoguard.faces.detector import unchecked
from photoguard.faces.dlib_detector import DlibDetector

MIDDLE, WIDTH = (222.0, 118.0), 83.0
"""Of the portrait's face."""
EYES = ((205.0, 108.0), (239.0, 108.0))


@pytest.fixture(scope="module")
def detector() -> DlibDetector:
    return DlibDetector()


@pytest.fixture(scope="module")
def picture(portrait: Path) -> Image.Image:
    return Image.open(portrait).convert("RGB")


def seen(detector: DlibDetector, image: Image.Image, *, thorough: bool = False) -> list[Face]:
    return detector.detect(np.ascontiguousarray(image), thorough=thorough, check=unchecked)


def middle(face: Face) -> tuple[float, float]:
    return face.box.x + face.box.width / 2, face.box.y + face.box.height / 2


@pytest.mark.parametrize("zoom", [0.3, 1.0, 3.0])
def test_a_face_is_found_at_every_size(detector: DlibDetector, picture: Image.Image, zoom: float) -> None:
    size = round(picture.width * zoom), round(picture.height * zoom)
    (face,) = seen(detector, picture.resize(size, Image.Resampling.LANCZOS))
    assert face.box.width / zoom == pytest.approx(WIDTH, rel=0.25)
    assert np.allclose(np.array(middle(face)) / zoom, MIDDLE, atol=0.2 * WIDTH)


def test_a_face_of_twenty_pixels_is_seen_so_that_it_can_be_told_of(
    detector: DlibDetector, picture: Image.Image
) -> None:
    zoom = 20 / WIDTH
    (face,) = seen(detector, picture.resize((round(512 * zoom),) * 2, Image.Resampling.LANCZOS))
    assert 14 < face.box.width < 28


@pytest.mark.parametrize("degrees", [-30, 30, 90, 180, 270])
def test_a_turned_face_is_found_with_its_landmarks(
    detector: DlibDetector, picture: Image.Image, degrees: float
) -> None:
    (face,) = seen(detector, picture.rotate(degrees, Image.Resampling.BICUBIC))
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = np.asarray(face.landmarks)
    eyes = [(points[2] + points[3]) / 2, (points[0] + points[1]) / 2]
    centre = np.array([255.5, 255.5])
    wanted = (np.asarray(EYES) - centre) @ turn.T + centre
    assert np.abs(np.asarray(eyes) - wanted).max() < 0.12 * WIDTH


def test_thorough_finds_no_fewer(detector: DlibDetector, picture: Image.Image) -> None:
    (face,) = seen(detector, picture.crop((100, 0, 400, 300)), thorough=True)
    assert np.allclose(middle(face), (MIDDLE[0] - 100, MIDDLE[1]), atol=0.2 * WIDTH)


def test_two_faces_are_two(detector: DlibDetector, picture: Image.Image) -> None:
    both = Image.new("RGB", (1024, 512))
    both.paste(picture, (0, 0))
    both.paste(picture.resize((256, 256)), (600, 100))
    faces = sorted(seen(detector, both), key=lambda face: face.box.x)
    assert len(faces) == 2
    assert np.allclose(middle(faces[1]), (600 + MIDDLE[0] / 2, 100 + MIDDLE[1] / 2), atol=0.1 * WIDTH)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (160, 120)])
@pytest.mark.parametrize("thorough", [False, True])
def test_no_face_where_none_is(detector: DlibDetector, size: tuple[int, int], *, thorough: bool) -> None:
    noise = np.random.default_rng(0).integers(90, 160, (size[1], size[0], 3)).astype(np.uint8)
    assert seen(detector, Image.fromarray(noise), thorough=thorough) == []


def test_the_same_picture_gives_the_same_faces(detector: DlibDetector, picture: Image.Image) -> None:
    part = picture.crop((150, 40, 300, 190))
    assert seen(detector, part) == seen(DlibDetector(), part)


def test_the_picture_is_left_as_it_was(detector: DlibDetector, picture: Image.Image) -> None:
    pixels: npt.NDArray[np.uint8] = np.array(picture)
    before = pixels.copy()
    detector.detect(pixels, thorough=False, check=unchecked)
    assert np.array_equal(pixels, before)


def test_a_wish_to_stop_is_heard_between_all_looks(detector: DlibDetector) -> None:
    calls: list[int] = []
    blank = np.full((300, 200, 3), 128, np.uint8)
    detector.detect(blank, thorough=True, check=lambda: calls.append(1))
    assert len(calls) >= 10
    for last in (1, len(calls) // 2):
        heard: list[int] = []

        def stop(last: int = last, heard: list[int] = heard) -> None:
            heard.append(1)
            if len(heard) == last:
                raise Cancelled

        with pytest.raises(Cancelled):
            detector.detect(blank, thorough=True, check=stop)


def test_the_network_never_holds_the_program_for_long(detector: DlibDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def noting(picture: npt.NDArray[np.uint8], _doublings: int) -> list[object]:
        sizes.append(picture.shape[0] * picture.shape[1])
        return []

    monkeypatch.setitem(detector.__dict__, "_network", noting)
    for shape in ((600, 700, 3), (1000, 100, 3)):
        detector.detect(np.full(shape, 128, np.uint8), thorough=True, check=unchecked)
    assert sizes
    assert max(sizes) <= 201_000
