"""Which of the faces that a detector sees are to be cloaked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from stand_ins import FixedDetector, face_at

from photoguard.domain import Encoding, Face, FaceChoice, ImageFormat, Photo
from photoguard.errors import Cancelled
from photoguard.faces import Check, find_faces

FACES = (face_at(0, 0, 40), face_at(100, 0, 90), face_at(200, 0, 60))


def photo(*shape: int) -> Photo:
    return Photo(np.zeros(shape, np.uint8), None, Encoding(ImageFormat.PNG))


def test_the_largest_comes_first() -> None:
    found = find_faces(photo(100, 300, 3), FaceChoice.ALL, FixedDetector(FACES))
    assert [face.box.width for face in found] == [90, 60, 40]


def test_only_the_largest_when_asked() -> None:
    assert find_faces(photo(100, 300, 3), FaceChoice.LARGEST, FixedDetector(FACES)) == (FACES[1],)
    assert find_faces(photo(100, 300, 3), FaceChoice.LARGEST, FixedDetector(())) == ()


@pytest.mark.parametrize("choice", FaceChoice)
def test_detectors_see_three_channels_and_hear_how_thorough_to_be(choice: FaceChoice) -> None:
    seen: list[tuple[tuple[int, ...], bool]] = []

    class Noting:
        name = "noting"

        def detect(self, rgb: npt.NDArray[np.uint8], *, thorough: bool, check: Check) -> list[Face]:
            seen.append((rgb.shape, thorough))
            return []

    find_faces(photo(20, 30), choice, Noting())
    find_faces(photo(20, 30, 3), choice, Noting())
    assert seen == [((20, 30, 3), choice is FaceChoice.THOROUGH)] * 2


def test_a_wish_to_stop_is_passed_on() -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_faces(photo(20, 30, 3), FaceChoice.ALL, FixedDetector(FACES), stop)
