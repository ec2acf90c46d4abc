"""The light engine: looks at files and pixels, finds faces; never loads torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from photoguard.containers import Inventory, inventory
from photoguard.domain import Photo, Platform, Progress, ProgressListener, Stage
from photoguard.errors import PhotoguardError, Problem, ProblemCode, UsageMistake
from photoguard.pixels import decode, reduced
from photoguard.platforms import HANDLINGS
from photoguard.worker.files import read
from photoguard.worker.known_models import known_models, models_listed
from photoguard.worker.messages import (
    Answer,
    FacesFound,
    FindFaces,
    ListModels,
    Look,
    Looked,
    PairShown,
    Picture,
    Region,
    Request,
    ShowPair,
)

if TYPE_CHECKING:
    from photoguard.faces import Detector


def reading_engine() -> ReadingEngine:
    """Factory for the process."""
    return ReadingEngine()


_MOST_SHOWN_PIXELS = 12_500_000
"""Larger photos are compared reduced: the window has to hold both, also on a small machine."""
_SMALL_PIXELS = 2_000_000


class ReadingEngine:
    """Answers ``Look``, ``FindFaces``, ``ShowPair`` and ``ListModels``."""

    def __init__(self) -> None:
        self._best: Detector | None = None
        self._found_with: tuple[str, ...] = ()

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        listener(Progress(Stage.READING))
        if isinstance(request, Look):
            return _looked(request)
        if isinstance(request, FindFaces):
            return self._found(request, listener)
        if isinstance(request, ShowPair):
            return _pair(request)
        if isinstance(request, ListModels):
            return models_listed(request.ticket)
        raise UsageMistake(ProblemCode.INTERNAL, kind=type(request).__name__)

    def _found(self, request: FindFaces, listener: ProgressListener) -> FacesFound:
        from photoguard.faces import find_faces

        photo = decode(read(request.source))
        faces = find_faces(photo, request.choice, self._detector(), lambda: listener(Progress(Stage.FINDING_FACES)))
        return FacesFound(request.ticket, tuple(Region.of(face.box, photo.size) for face in faces))

    def _detector(self) -> Detector:
        """The one that will find the faces to be cloaked."""
        from photoguard.faces import best_detector

        installed = tuple(line.name for line in known_models())
        if installed != self._found_with or self._best is None:
            self._best, self._found_with = best_detector(), installed
        return self._best


def _looked(request: Look) -> Looked:
    found: Inventory | None = None
    problem: Problem | None = None
    photo: Photo | None = None
    try:
        data = read(request.source)
        found = inventory(data)
        photo = decode(data, first_frame=True)
    except PhotoguardError as error:
        problem = error.problem
    if found is not None and found.frames > 1 and problem is None:
        problem = Problem(ProblemCode.ANIMATED, {"frames": found.frames})
    return Looked(
        request.ticket,
        found.findings if found else (),
        photo.size if photo else None,
        found.frames if found else 0,
        _thumbnail(photo, request.side) if photo else None,
        problem,
    )


def _pair(request: ShowPair) -> PairShown:
    before = decode(read(request.source), first_frame=True)
    if request.platform is not Platform.ANY:
        before = reduced(before, HANDLINGS[request.platform].zoom(before.size))
    after = _sized(decode(read(request.output), first_frame=True), before.size)
    full_size = before.size
    pair = tuple(_at_most(photo, _MOST_SHOWN_PIXELS) for photo in (before, after))
    del before, after
    small = tuple(_at_most(photo, _SMALL_PIXELS) for photo in pair)
    is_large = pair[0].size[0] > small[0].size[0]
    return PairShown(
        request.ticket,
        _picture(pair[0]),
        _picture(pair[1]),
        (_picture(small[0]), _picture(small[1])) if is_large else None,
        full_size,
    )


def _at_most(photo: Photo, pixels: int) -> Photo:
    zoom = (pixels / (photo.size[0] * photo.size[1])) ** 0.5
    return reduced(photo, zoom) if zoom < 1 else photo


def _sized(photo: Photo, size: tuple[int, int]) -> Photo:
    """A copy that was not reduced with the photo (no face was found in it) is, for comparing."""
    return reduced(photo, size[0] / photo.size[0])


def _thumbnail(photo: Photo, side: int) -> Picture:
    image = Image.fromarray(_rgb(photo))
    image.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=2.0)
    return Picture(image.width, image.height, image.tobytes())


def _picture(photo: Photo) -> Picture:
    return Picture(*photo.size, _rgb(photo).tobytes())


def _rgb(photo: Photo) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Opaque colours; what is transparent is shown on white."""
    rgb = np.repeat(photo.pixels[:, :, None], 3, 2) if photo.is_grey else photo.pixels
    if photo.alpha is None:
        return np.ascontiguousarray(rgb)
    cover = photo.alpha[:, :, None].astype(np.uint16)
    return ((rgb * cover + 255 * (255 - cover) + 127) // 255).astype(np.uint8)
