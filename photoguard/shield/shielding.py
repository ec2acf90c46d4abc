"""Lays a shield over a photo, within the budget on the pixels as they will be written."""

from __future__ import annotations

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

LEAST_SIDE_PX = max(WINDOW, 4 * TILE)
"""A shorter side leaves no room for a window."""
SHARE_ON_FACES = 0.08
"""Faces carry the cloak, which loses what the shield takes there. With a fifth, recognisers' cosines on a face of 83 px grew by
.05 (those that took part) and .07 (those that did not), with this by .01 and .03; decoded it was 27.9 dB instead of 28.1."""
_MARGIN = 0.25
_LEFT_FOR_CLOAKS = 8.0
"""Points of SSIMULACRA2 on the whole photo that are left to the faces' cloaks and to rounding: the cloak of one face of 177 px
took 6 of a photo of 640 x 959."""
_TRIES, _MOST_GROWTH = 4, 2.0


@dataclass(frozen=True, eq=False)
class Shielded:
    """A photo's pixels with a shield."""

    pixels: npt.NDArray[np.uint8]
    strength: float
    """Scale at which the pattern was laid on; 0: the photo is as it was."""


def shield(
    photo: Photo,
    faces: Sequence[Face],
    latents: Latents,
    least_ssimulacra2: float,
    *,
    encoding: Encoding,
    zoom: float = 1.0,
    seed: int = 0,
    listener: ProgressListener = silent,
) -> Shielded:
    """``photo`` with a pattern that the latents' encoders misread, fainter on its faces.

    ``zoom`` is by what the photo will be reduced when it is posted: the pattern is made for that size. ``encoding`` is how the
    result will be written; SSIMULACRA2 of those pixels at posted size is at least ``least_ssimulacra2``. A photo that is too
    small, or whose coding alone takes the budget, stays as it is. The same input and seed give the same pixels on one machine.
    ``listener`` may raise ``Cancelled``; it is called before every step.
    """
    canvas = canvas_of(photo.pixels, zoom)
    if min(canvas.size) < LEAST_SIDE_PX:
        return Shielded(photo.pixels, 0.0)
    reach = canvas.around(faces, SHARE_ON_FACES, _MARGIN)
    pattern = Pattern(canvas.picture, reach, channels=1 if photo.is_grey else 3, seed=seed)
    misreading = Misreading(latents.taking_part, latents.decoders)
    least = least_ssimulacra2 + _LEFT_FOR_CLOAKS
    optimise(pattern, canvas.picture, misreading, least, seed, lambda step: listener(_progress(step)))
    with torch.no_grad():
        layer = pattern.layer(Window(0, 0, *canvas.size))[0].numpy()
    whole = WholePhoto(photo, encoding, zoom)

    def score(strength: float) -> float:
        listener(_progress(STEPS))
        return whole.score(laid_on(photo.pixels, layer, strength))

    strength = _greatest(score, least)
    return Shielded(laid_on(photo.pixels, layer, strength) if strength else photo.pixels, strength)


def _greatest(score: Callable[[float], float], least: float) -> float:
    """The greatest strength found at which ``score`` is at least ``least``; 0 where none is."""
    strength, best = 1.0, 0.0
    for _ in range(_TRIES):
        seen = score(strength)
        if seen >= least:
            best = max(best, strength)
        # the loss grows a little slower than the layer
        growth = (max(0.0, 100 - least - 0.2) / max(100 - seen, 1e-3)) ** 1.2
        wanted = min(_MOST_GROWTH, strength * growth)
        if best >= 0.97 * wanted:
            break
        strength = wanted
    return best


def _progress(step: int) -> Progress:
    return Progress(Stage.SHIELDING, step=step, steps=STEPS)
