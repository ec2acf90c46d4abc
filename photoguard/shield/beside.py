"""Takes back as much of a shield as the whole photo's budget asks for, once the faces are cloaked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoguard.domain import Encoding, Photo
from photoguard.shield.whole import WholePhoto

_KEPT = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25)
"""Parts of the shield that are tried, the whole one first."""

Pixels = npt.NDArray[np.uint8]


def beside_cloaks(
    photo: Photo,
    shielded: Pixels,
    cloaked: Pixels,
    least_ssimulacra2: float,
    *,
    encoding: Encoding,
    zoom: float = 1.0,
) -> Pixels | None:
    """``cloaked`` with the most of its shield at which the whole photo's SSIMULACRA2 is at least ``least_ssimulacra2``.

    ``shielded``: ``photo`` with the shield, on which the cloaks were laid; they stay whole. How much a cloak takes is known only
    when it is made: on one of three portraits the points that were left to it were too few, and without this the shield went.
    None where even a quarter of the shield is too much.
    """
    whole = WholePhoto(photo, encoding, zoom)
    pattern = shielded.astype(np.float32) - photo.pixels
    for kept in _KEPT:
        pixels = cloaked if kept == 1 else np.clip(cloaked - (1 - kept) * pattern + 0.5, 0, 255).astype(np.uint8)
        if whole.score(pixels) >= least_ssimulacra2:
            return pixels
    return None
