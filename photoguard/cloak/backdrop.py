"""Finds the even backdrop that shows beside a turned face, on which any mark would be seen."""

from __future__ import annotations

import torch

from photoguard.cloak.region import Region
from photoguard.perception.blurring import mean_around, spread_around
from photoguard.perception.colour import cb_cr, luma

_SKIN_WITHIN = 0.6
"""Radius, of the ellipse in the face box, within which skin is what is seen most."""
_FROM, _SURE_FROM = 0.55, 0.7
"""The radius beyond which a backdrop may show, and beyond which all that looks like one is one."""
_USUAL = 0.8
_STRANGE, _QUITE_STRANGE = 4.0, 10.0
"""A colour is no skin's when it lies so many levels (Cb, Cr) farther from the median than this share of what is in the middle of
the face: light of two colours from two sides makes skin of two colours."""
_EVEN, _UNEVEN = 2.0, 5.0
"""Levels of luma's standard deviation: a wall's, and those of hair, cloth or the outline of a head."""
_WINDOWS_PER_FACE = 24


def backdrop(clean: torch.Tensor, region: Region) -> torch.Tensor:
    """(1, 1, n, n) in 0..1: where ``clean`` (1, 3, n, n), the picture on ``region``, shows an even backdrop.

    That is what is even, of another colour than the skin, and lies towards the edge of the face box. Nothing in grey photos.
    """
    radius = region.radius()
    window = max(3, int(region.displayed_px / _WINDOWS_PER_FACE) // 2 * 2 + 1)
    colours = 255 * cb_cr(clean)
    inner = colours[0, :, radius < _SKIN_WITHIN]
    skin = inner.median(1, keepdim=True).values
    usual = torch.quantile(torch.linalg.vector_norm(inner - skin, dim=0), _USUAL)
    distance = torch.linalg.vector_norm(mean_around(colours, window) - skin[None, :, :, None], dim=1, keepdim=True)
    strange = _ramp(distance - usual, _STRANGE, _QUITE_STRANGE)
    even = 1 - _ramp(255 * spread_around(luma(clean), window), _EVEN, _UNEVEN)
    return mean_around(strange * even * _ramp(radius, _FROM, _SURE_FROM), window)


def _ramp(values: torch.Tensor, start: float, end: float) -> torch.Tensor:
    """0 up to ``start``, 1 from ``end`` on."""
    return ((values - start) / (end - start)).clamp(0, 1)
