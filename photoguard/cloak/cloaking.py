"""Cloaks every face of a photo."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from photoguard.cloak.layer import Layer
from photoguard.cloak.optimise import optimise
from photoguard.cloak.overlapping import Applied, together
from photoguard.cloak.presets import Preset
from photoguard.cloak.region import around
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.cloak.views import ViewRange
from photoguard.domain import Encoding, Face, Part, Photo, Progress, ProgressListener, Stage, silent
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.errors import Problem, ProblemCode

LEAST_FACE_PX = 32
"""Narrower faces carry too little for an encoder to hold on to, and too little room for a cloak."""


@dataclass(frozen=True)
class CloakedFace:
    """What was done to one face."""

    face: Face
    strength: float
    """Scale at which the layer was applied; 0: left as it is."""
    problem: Problem | None = None


@dataclass(frozen=True, eq=False)
class Cloaked:
    """A photo's pixels with cloaked faces."""

    pixels: npt.NDArray[np.uint8]
    faces: tuple[CloakedFace, ...]
    """In the order of the faces given."""


def cloak(
    photo: Photo,
    faces: Sequence[Face],
    encoders: Sequence[IdentityEncoder],
    preset: Preset,
    *,
    encoding: Encoding,
    ways: ViewRange | None = None,
    parts: Sequence[Part | None] = (),
    seed: int = 0,
    listener: ProgressListener = silent,
) -> Cloaked:
    """The photo with each of ``faces`` changed so that ``encoders`` see somebody else, within the preset's budget.

    ``encoding`` is how the result will be written; the budget holds on those pixels. Faces narrower than :data:`LEAST_FACE_PX`
    are left as they are and carry ``FACE_TOO_SMALL``. ``parts``: whom each of ``faces`` is to be taken for; empty: for
    anybody else. The same input and seed give the same pixels on one machine. ``listener`` may raise ``Cancelled``; it is
    called before every step.
    """
    pixels = photo.pixels.copy()
    wide_enough = [face for face in faces if face.box.width >= LEAST_FACE_PX]
    regions = [around(face) for face in wide_enough]
    steps = [preset.steps(len(encoders), region.displayed_px) for region in regions]
    clock = _Clock(listener, steps)
    part_of = {id(face): part for face, part in zip(faces, parts, strict=False)}
    cloaks: list[Applied] = []
    for number, (face, region, its_steps) in enumerate(zip(wide_enough, regions, steps, strict=True), start=1):
        rehearsal = Rehearsal(photo.pixels, pixels, region, encoding)
        with _half_of_the_cores():
            on_step, part = partial(clock.tick, number), part_of.get(id(face))
            layer = optimise(rehearsal, encoders, preset, ways or ViewRange(), its_steps, seed, on_step, part)
            strength = rehearsal.settled(layer, preset.budget)
        cloaks.append(Applied(Layer(region, layer.values), strength))
        cloaks[-1].layer.add_in_place(pixels, strength)
    held = together(photo.pixels, cloaks, preset.budget, encoding)
    done = {id(face): CloakedFace(face, found) for face, found in zip(wide_enough, held.strengths, strict=True)}
    return Cloaked(held.pixels, tuple(done.get(id(face)) or _too_small(face) for face in faces))


@contextmanager
def _half_of_the_cores() -> Iterator[None]:
    """Encoders and visibility are worked out side by side; with all cores for each they wait for each other.

    On two cores a face took 4.7 s with two threads for each and 3.3 s with one.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(max(1, before // 2))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _too_small(face: Face) -> CloakedFace:
    facts: dict[str, int | float | str] = {"width_px": round(face.box.width), "least_px": LEAST_FACE_PX}
    return CloakedFace(face, 0.0, Problem(ProblemCode.FACE_TOO_SMALL, facts))


class _Clock:
    """Turns steps into progress with an honest time left."""

    def __init__(self, listener: ProgressListener, steps: Sequence[int]) -> None:
        """``steps``: of each face."""
        self._listener, self._steps = listener, steps
        self._started = time.monotonic()

    def tick(self, face: int, step: int) -> None:
        done = sum(self._steps[: face - 1]) + step
        spent = time.monotonic() - self._started
        left = spent / done * (sum(self._steps) - done) if done >= 3 else None
        of_this = self._steps[face - 1]
        self._listener(Progress(Stage.CLOAKING, face, len(self._steps), step, of_this, left))
