"""Lays a shield over a photo whose faces are cloaked, in what room they left: the budget holds on the pixels as written."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from photoguard.domain import Encoding, Face, Photo, Progress, ProgressListener, Stage, silent
from photoguard.latents import Latents
from photoguard.shield.canvas import canvas_of, laid_on
from photoguard.shield.objective import Misreading
from photoguard.shield.optimise import STEPS, WINDOW, optimise
from photoguard.shield.pattern import TILE, Pattern, Window
from photoguard.shield.whole import WholePhoto

Pixels = npt.NDArray[np.uint8]

LEAST_SIDE_PX = max(WINDOW, 4 * TILE)
"""A shorter side leaves no room for a window."""
SHARE_ON_FACES = 0.08
"""Faces carry the cloak, which has a budget of its own. With a fifth, recognisers' cosines on a face of 83 px grew by
.05 (those that took part) and .07 (those that did not), with this by .01 and .03; decoded it was 27.9 dB instead of 28.1."""
_MARGIN = 0.25
_ROUNDING = 0.3
"""Points of SSIMULACRA2 to stay inside the budget: other decoders round differently."""
_TIMED_FROM = 3
_TRIES, _MOST_GROWTH, _CLOSE = 6, 2.0, 0.96


@dataclass(frozen=True, eq=False)
class Shielded:
    """A photo's pixels with a shield."""

    pixels: Pixels
    strength: float
    """Scale at which the pattern was laid on; 0: they are as they were."""


def shield(
    photo: Photo,
    cloaked: Pixels,
    faces: Sequence[Face],
    latents: Latents,
    least_ssimulacra2: float,
    *,
    encoding: Encoding,
    zoom: float = 1.0,
    seed: int = 0,
    listener: ProgressListener = silent,
) -> Shielded:
    """``cloaked``, the pixels of ``photo`` as far as they were changed, with a pattern that the latents' encoders misread.

    It is fainter on ``faces``. ``zoom`` is by what the photo will be reduced when it is posted: the pattern is made for that
    size. ``encoding`` is how the result will be written; SSIMULACRA2 of those pixels against ``photo``, at posted size, is at
    least ``least_ssimulacra2``. A photo that is too small, or in which the cloaks and the coding leave no room, stays
    as it is. The same input and seed give the same pixels on one machine. ``listener`` may raise ``Cancelled``; it is called
    before every step.
    """
    canvas = canvas_of(cloaked, zoom)
    least = least_ssimulacra2 + _ROUNDING
    whole = WholePhoto(photo, encoding, zoom)
    room = whole.score(cloaked) - least
    if min(canvas.size) < LEAST_SIDE_PX or room <= 0:
        return Shielded(cloaked, 0.0)
    reach = canvas.around(faces, SHARE_ON_FACES, _MARGIN)
    pattern = Pattern(canvas.picture, reach, channels=1 if photo.is_grey else 3, seed=seed)
    misreading = Misreading(latents.taking_part, latents.decoders)
    clean = canvas_of(photo.pixels, zoom).picture
    started = time.monotonic()

    def on_step(step: int) -> None:
        left = (time.monotonic() - started) / step * (STEPS - step) if step >= _TIMED_FROM else None
        listener(Progress(Stage.SHIELDING, step=step, steps=STEPS, seconds_left=left))

    optimise(pattern, clean, canvas.picture, misreading, least, seed, on_step)
    with torch.no_grad():
        layer = pattern.layer(Window(0, 0, *canvas.size))[0].numpy()

    def taken(strength: float) -> float:
        listener(Progress(Stage.SHIELDING, step=STEPS, steps=STEPS))
        return least + room - whole.score(laid_on(cloaked, layer, strength))

    strength = _greatest(taken, room)
    return Shielded(laid_on(cloaked, layer, strength) if strength else cloaked, strength)


def _greatest(taken: Callable[[float], float], room: float) -> float:
    """The greatest strength found that takes at most ``room``; 0 where none does."""
    low, high = (0.0, 0.0), (0.0, 0.0)
    strength = 1.0
    for _ in range(_TRIES):
        seen = strength, taken(strength)
        low, high = (seen, high) if seen[1] <= room else (low, seen)
        if low[1] >= _CLOSE * room or low[0] >= _MOST_GROWTH:
            break
        if not high[0]:
            strength = min(_MOST_GROWTH, low[0] * 1.5)
            continue
        # a straight line between what is known, kept off its ends
        part = (room - low[1]) / max(high[1] - low[1], 1e-6)
        strength = low[0] + (high[0] - low[0]) * min(0.9, max(0.1, part))
    return low[0]
