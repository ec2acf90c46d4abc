"""How far a cloak may go at each place of a face: guards of what people see first and both visibility measures overlook."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from photoguard.perception.blurring import spread_around
from photoguard.perception.colour import cb_cr, luma

_ON_SKIN = (9.0, 2.0, 0.8)
_PER_CONTRAST = (1.5, 0.4, 0.16)
_MOST = (255.0, 10.0, 4.0)
"""How far Y, Cb and Cr may go, in levels of 255: so far on even skin, so much farther per level of local contrast, and never
beyond. Without a limit for brightness strokes like hairs stood on bare foreheads; fine blue and yellow lines cost neither measure
anything, and grew with every step until people saw them before all else."""
_CONTRAST_PX, _EVEN_PX = 7, 5
"""Local contrast is the standard deviation of luma over a square of so many pixels, the least of those around: skin beside
an eyebrow is still skin."""

_MONOCHROME, _COLOURFUL = 2.0, 6.0
"""Spread of a face's own Cb and Cr in levels of 255: up to the first one it is a picture in one tone, in which any colour shows,
from the second on colour may go all the way."""
_NO_COLOUR = 0.02
"""What is left of the limits of colour for a picture in one tone."""


def limits(clean: torch.Tensor) -> torch.Tensor:
    """How far the channels of a cloak may go at each place of ``clean``, in 0..1.

    (1, 3, n, n), for Y, Cb and Cr, of a picture (1, 3, n, n); (1, 1, n, n) of a grey one.
    """
    channels = clean.shape[1]
    seen = luma(clean) if channels == 3 else clean
    contrast = -F.max_pool2d(-spread_around(seen, _CONTRAST_PX), _EVEN_PX, 1, _EVEN_PX // 2)
    on_skin, per_contrast, most = (
        torch.tensor(values[:channels]).view(1, -1, 1, 1) for values in (_ON_SKIN, _PER_CONTRAST, _MOST)
    )
    farthest = torch.minimum(on_skin / 255 + per_contrast * contrast, most / 255)
    if channels == 3:
        farthest[:, 1:] *= _colourfulness(clean)
    return farthest


def _colourfulness(clean: torch.Tensor) -> float:
    """Close to 0 for a picture in one tone, 1 for a colourful one."""
    spread = float((255 * cb_cr(clean)).var((0, 2, 3)).sum().sqrt())
    return min(1.0, max(_NO_COLOUR, (spread - _MONOCHROME) / (_COLOURFUL - _MONOCHROME)))
