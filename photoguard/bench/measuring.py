"""Measures one photo: clean, or as a method has written it."""

from __future__ import annotations

import glob
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoguard.bench.memory import forget_peak, peak_mb
from photoguard.bench.methods.protocol import Method, Task
from photoguard.bench.portraits import Portrait
from photoguard.bench.recognising import vectors
from photoguard.bench.visibility import visibility
from photoguard.domain import Box, Face, FaceChoice, LandmarkKind, Platform, Progress, ProgressListener
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.errors import PhotoguardError
from photoguard.faces import find_faces
from photoguard.pixels import decode, reduced
from photoguard.platforms import HANDLINGS
from photoguard.proof.pairing import carried_over
from photoguard.proof.posting import posted
from photoguard.toolbox import Toolbox


@dataclass(frozen=True)
class Laboratory:
    """What measuring needs."""

    toolbox: Toolbox
    """What the methods get: detector and surrogates."""
    recognisers: tuple[IdentityEncoder, ...]
    """Evaluators and surrogates: all whose view is recorded."""
    platform: Platform


def clean(portrait: Portrait, laboratory: Laboratory) -> dict[str, Any]:
    """What recognisers see of the largest face before any change: in the file (``clean``) and once posted (``posted``).

    ``problem`` instead where the file cannot be read or no face is found.
    """
    try:
        photo = decode(portrait.path.read_bytes())
    except PhotoguardError as error:
        return {"problem": error.problem.code}
    faces = find_faces(photo, FaceChoice.LARGEST, laboratory.toolbox.detector)
    if not faces:
        return {"problem": "no_face"}
    shown = posted(photo.pixels, HANDLINGS[laboratory.platform])
    there = carried_over(faces[0], photo.size, (shown.shape[1], shown.shape[0]))
    return {
        "size": list(photo.size),
        "face": _as_json(faces[0]),
        "clean": vectors(photo.pixels, faces[0], laboratory.recognisers),
        "posted": vectors(shown, there, laboratory.recognisers),
    }


def protected(
    portrait: Portrait,
    face: Face,
    method: Method,
    task: Task,
    laboratory: Laboratory,
    listener: ProgressListener,
) -> dict[str, Any]:
    """Let ``method`` protect the photo and measure the written file; ``problem`` where it gave up."""
    for path in task.destination.parent.glob(f"{glob.escape(task.destination.stem)}.*"):
        path.unlink()  # left by a run that ended between writing and recording
    clock = _Stages(listener)
    forget_peak()
    written = method.protect(task, laboratory.toolbox, clock)
    record: dict[str, Any] = {"seconds": clock.stop(), "stages": clock.seconds, "peak_mb": peak_mb()}
    if written.scale is not None:
        record["scale"] = round(written.scale, 4)
    if written.output is None:
        return {**record, "problem": written.problem.code if written.problem else "internal"}
    return {**record, **_measured(portrait, face, written.output, laboratory)}


def _measured(portrait: Portrait, face: Face, output: Path, laboratory: Laboratory) -> dict[str, Any]:
    handling = HANDLINGS[laboratory.platform]
    original, copy = decode(portrait.path.read_bytes()), decode(output.read_bytes())
    own_size = original.size
    if copy.size != own_size:  # made for the platform's size: compared with the original at that size
        original = reduced(original, handling.zoom(own_size))
    shown = posted(copy.pixels, handling)
    return {
        "visibility": visibility(original.pixels, copy.pixels, carried_over(face, own_size, copy.size).box),
        "vectors": vectors(
            shown, carried_over(face, own_size, (shown.shape[1], shown.shape[0])), laboratory.recognisers
        ),
    }


def face_of(record: dict[str, Any]) -> Face:
    """The face of a clean photo's record."""
    kept = record["face"]
    points = tuple((x, y) for x, y in kept["landmarks"])
    return Face(Box(*kept["box"]), points, LandmarkKind(kept["kind"]), kept["score"], kept["detector"])


def _as_json(face: Face) -> dict[str, Any]:
    box = face.box
    return {
        "box": [box.x, box.y, box.width, box.height],
        "landmarks": [list(point) for point in face.landmarks],
        "kind": face.landmark_kind,
        "score": face.score,
        "detector": face.detector,
    }


class _Stages:
    """Adds up the seconds of each stage while passing progress on."""

    def __init__(self, listener: ProgressListener) -> None:
        self._listener = listener
        self.seconds: dict[str, float] = {}
        self._stage = ""
        self._since = self._started = time.perf_counter()

    def __call__(self, progress: Progress) -> None:
        self._enter(progress.stage)
        self._listener(progress)

    def stop(self) -> float:
        """End the last stage; seconds of all."""
        self._enter("")
        self.seconds = {name: round(value, 3) for name, value in self.seconds.items()}
        return round(self._since - self._started, 3)

    def _enter(self, stage: str) -> None:
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
