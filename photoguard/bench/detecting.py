"""How many faces of a folder of photos a detector finds, and how many of its boxes are none.

``python -m photoguard.bench.detecting FOLDER --detector NAME`` (an installed one, or dlib)

``FOLDER`` holds ``INDEX.csv`` (``path``, ``faces``: counted by eye) and ``detections.csv`` (``path``, ``x0``, ``y0``,
``x1``, ``y1``: boxes of another detector, a reference and not the truth).
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photoguard.domain import Box
from photoguard.errors import PhotoguardError
from photoguard.faces import Detector, best_detector
from photoguard.faces.detector import unchecked
from photoguard.faces.overlap import intersection
from photoguard.pixels import decode

LEAST_PX = 24
_SAME, _APART = 0.4, 0.3
"""Intersection over union: from the first on a reference face counts as found, under the second a box as unmatched."""


@dataclass(frozen=True)
class Counts:
    """Over all photos, faces of at least 24 pixels in width."""

    photos: int
    wanted: int
    """Reference boxes."""
    found: int
    boxes: int
    """Boxes of the detector."""
    unmatched: int
    """Of these, without a reference box."""
    surplus: int
    """Of the unmatched, more than a person counted in the photo: these are false for certain."""
    seconds: float


def count(folder: Path, detector: Detector) -> Counts:
    """Look for faces in every photo of ``folder`` that can be read."""
    reference = _reference(folder / "detections.csv")
    photos = wanted = found = boxes = unmatched = surplus = 0
    seconds = 0.0
    for path, counted in _photos(folder / "INDEX.csv"):
        try:
            pixels = decode((folder / path).read_bytes()).pixels
        except PhotoguardError:
            continue
        rgb = np.repeat(pixels[:, :, None], 3, 2) if pixels.ndim == 2 else pixels
        began = time.monotonic()
        faces = [face.box for face in detector.detect(np.ascontiguousarray(rgb), thorough=False, check=unchecked)]
        seconds += time.monotonic() - began
        known = [box for box in reference[path] if box.width >= LEAST_PX]
        large = [box for box in faces if box.width >= LEAST_PX]
        stray = [box for box in large if all(overlap(box, other) < _APART for other in reference[path])]
        photos += 1
        wanted += len(known)
        found += sum(any(overlap(box, own) >= _SAME for own in faces) for box in known)
        boxes += len(large)
        unmatched += len(stray)
        surplus += min(len(stray), max(0, len(large) - max(counted, 0)))
    return Counts(photos, wanted, found, boxes, unmatched, surplus, seconds)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    shared = intersection(one, other)
    return shared / (one.width * one.height + other.width * other.height - shared)


def _photos(index: Path) -> Iterator[tuple[str, int]]:
    with index.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["path"], int(row["faces"]) if row["faces"].isdigit() else 0


def _reference(path: Path) -> dict[str, list[Box]]:
    boxes: dict[str, list[Box]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            left, top, right, bottom = (float(row[key]) for key in ("x0", "y0", "x1", "y1"))
            boxes[row["path"]].append(Box(left, top, right - left, bottom - top))
    return boxes


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m photoguard.bench.detecting", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--detector", default="", help="default: the best installed one")
    asked = parser.parse_args(arguments)
    detector = best_detector(asked.detector)
    counts = count(asked.folder, detector)
    print(
        f"{detector.name}: {counts.found} of {counts.wanted} reference faces of {LEAST_PX} px and more found "
        f"({counts.found / counts.wanted:.1%}); {counts.boxes} boxes, {counts.unmatched} without a reference box, "
        f"{counts.surplus} of these more than were counted by eye ({counts.surplus / counts.boxes:.1%}); "
        f"{counts.photos} photos, {counts.seconds / counts.photos:.2f} s each"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
