"""Tiles and turned copies find every face once, where it is, whatever the photo's size; real networks find people."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from photoguard.domain import LandmarkKind
from photoguard.errors import Cancelled
from photoguard.faces.detector import unchecked
from photoguard.faces.networks import SIDE, Candidates, read
from photoguard.faces.pack_detector import PackDetector

_RGB = npt.NDArray[np.uint8]


@dataclass
class MarkNetwork:
    """Sees flags: blue above, green below, upright only, of 12 to 300 pixels; the red value tells them apart."""

    sure: float = 0.7
    calls: list[tuple[int, ...]] = field(default_factory=list)

    def seen(self, rgb: _RGB, least: float) -> Candidates:
        self.calls.append(rgb.shape)
        found = []
        red, green, blue = (rgb[..., channel].astype(int) for channel in range(3))
        for value in range(40, 256, 40):
            is_red = abs(red - value) < 6
            above, below = is_red & (blue > 235) & (green < 20), is_red & (green > 235) & (blue < 20)
            if above.sum() < 30 or below.sum() < 30:
                continue
            (top, bottom), (left, right) = (_span((above | below).any(axis)) for axis in (1, 0))
            split = _span(above.any(1))[1]
            if abs(split - (top + bottom) / 2) > 4 or not 12 <= right - left <= 300:
                continue
            size = np.array([right - left, bottom - top])
            places = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])
            found.append(((left, top, right, bottom), places * size + [left, top]))
        boxes = np.array([box for box, _ in found], np.float32).reshape(-1, 4)
        points = np.array([five for _, five in found], np.float32).reshape(-1, 5, 2)
        return Candidates(boxes, points, np.full(len(found), 0.95, np.float32))


def _span(is_there: npt.NDArray[np.bool_]) -> tuple[int, int]:
    places = np.flatnonzero(is_there)
    return int(places[0]), int(places[-1]) + 1


def flagged(width: int, height: int, *flags: tuple[int, int, int, int]) -> _RGB:
    """A grey photo with a flag of ``side`` at (x, y), for each (x, y, side, red)."""
    rgb = np.full((height, width, 3), 128, np.uint8)
    for x, y, side, red in flags:
        rgb[y : y + side // 2, x : x + side] = (red, 0, 255)
        rgb[y + side // 2 : y + side, x : x + side] = (red, 255, 0)
    return rgb


def detector() -> PackDetector:
    return PackDetector("marks", MarkNetwork())


@pytest.mark.parametrize(
    ("width", "height"), [(300, 200), (640, 640), (641, 400), (1000, 3000), (2500, 1700), (5000, 1200)]
)
def test_flags_of_every_size_are_found_once_and_in_place(width: int, height: int) -> None:
    chance = np.random.default_rng(width)
    flags = []
    for number in range(6):
        side = int(min(height, width) * 0.25) if number == 0 else int(chance.integers(24, 60))
        column, row = number % 3, number // 3
        x = int(chance.integers(column * width // 3, (column + 1) * width // 3 - side))
        y = int(chance.integers(row * height // 2, (row + 1) * height // 2 - side))
        flags.append((x, y, side, 40 * (number + 1)))
    found = detector().detect(flagged(width, height, *flags), thorough=False, check=unchecked)
    assert len(found) == 6
    for x, y, side, _ in flags:
        near = min(found, key=lambda face: abs(face.box.x - x) + abs(face.box.y - y))
        off = np.array([near.box.x - x, near.box.y - y, near.box.width - side, near.box.height - side])
        assert abs(off).max() <= max(3, 0.1 * side)
        assert near.landmark_kind is LandmarkKind.FIVE
        assert near.detector == "marks"


def test_flags_across_the_borders_of_tiles_are_found_whole() -> None:
    for shift in range(0, 640, 107):
        (face,) = detector().detect(flagged(2000, 900, (600 + shift, 300, 90, 80)), thorough=False, check=unchecked)
        assert abs(face.box.x - 600 - shift) < 4
        assert abs(face.box.width - 90) < 5


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_lying_and_hanging_heads_are_found_with_their_landmarks(quarters: int) -> None:
    upright = flagged(700, 500, (200, 150, 120, 80))
    (known,) = detector().detect(upright, thorough=False, check=unchecked)
    turned = np.ascontiguousarray(np.rot90(upright, quarters))
    (face,) = detector().detect(turned, thorough=False, check=unchecked)
    width, height = 700, 500
    for (x, y), (u, v) in zip(known.landmarks, face.landmarks, strict=True):
        wanted = {1: (y, width - x), 2: (width - x, height - y), 3: (height - y, x)}[quarters]
        assert (u, v) == pytest.approx(wanted, abs=4)


def test_the_network_gets_squares_of_one_size_and_the_search_can_be_stopped() -> None:
    network = MarkNetwork()
    PackDetector("marks", network).detect(flagged(1500, 1000), thorough=True, check=unchecked)
    assert set(network.calls) == {(SIDE, SIDE, 3)}

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        detector().detect(flagged(100, 100), thorough=False, check=stop)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 900), (20, 15)])
def test_photos_without_room_for_a_face_hold_none(width: int, height: int) -> None:
    assert detector().detect(flagged(width, height), thorough=False, check=unchecked) == []


@pytest.mark.corpus
def test_people_in_local_group_photos_are_found(model_files: Path, portraits: Path) -> None:
    """The group photos; all photos are measured in docs/models.md."""
    pytest.importorskip("onnxruntime")
    from photoguard.pixels import decode

    reference = defaultdict(list)
    with (portraits / "detections.csv").open() as file:
        for row in csv.DictReader(file):
            reference[row["path"]].append([float(row[key]) for key in ("x0", "y0", "x1", "y1")])
    yunet = PackDetector("yunet", read((model_files / "detectors" / "yunet_n_dynamic.onnx").read_bytes(), "yunet"))
    wanted = met = boxes = false = 0
    for path in (path for path, known in sorted(reference.items()) if len(known) >= 5):
        photo = decode((portraits / path).read_bytes()).pixels
        rgb = np.repeat(photo[..., None], 3, 2) if photo.ndim == 2 else photo
        faces = yunet.detect(np.ascontiguousarray(rgb), thorough=False, check=unchecked)
        ours = [(f.box.x, f.box.y, f.box.x + f.box.width, f.box.y + f.box.height) for f in faces if f.box.width >= 24]
        large = [box for box in reference[path] if box[2] - box[0] >= 24]
        wanted += len(large)
        met += sum(any(_shared(box, own) > 0.4 for own in ours) for box in large)
        boxes += len(ours)
        false += sum(all(_shared(box, own) < 0.3 for box in reference[path]) for own in ours)
    assert wanted >= 100
    assert met >= 0.97 * wanted
    assert false <= 0.03 * boxes


def _shared(one: list[float], other: tuple[float, ...]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    area = max(0.0, width) * max(0.0, height)
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return area / (both - area)
