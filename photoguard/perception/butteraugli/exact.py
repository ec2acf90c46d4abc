"""The metric as it is defined."""

from __future__ import annotations

import math

import torch

from photoguard.perception.blurring import halved
from photoguard.perception.butteraugli import definition as d
from photoguard.perception.butteraugli import lines
from photoguard.perception.butteraugli.bands import bands
from photoguard.perception.butteraugli.blurring import Blurs
from photoguard.perception.butteraugli.differences import beyond, pooled, span, squares, with_half
from photoguard.perception.butteraugli.masking import activity, masks


class Butteraugli:
    """Compares pictures with one reference; what depends on the reference alone is computed once."""

    def __init__(self, reference: torch.Tensor) -> None:
        """``reference``: linear light (1, 3, h, w) in 0..1."""
        with torch.no_grad():
            self._fine = _Comparison(reference)
            half = halved(reference)
            self._half = _Comparison(half) if min(half.shape[2:]) >= d.LEAST_SIDE else None

    def map(self, picture: torch.Tensor) -> torch.Tensor:
        """Local distance (1, 1, h, w) of ``picture``, linear light (1, 3, h, w) in 0..1; differentiable."""
        fine = self._fine.map(picture)
        if self._half is None:
            return fine
        return with_half(fine, self._half.map(halved(picture)))

    def distance(self, picture: torch.Tensor) -> torch.Tensor:
        """What butteraugli_main prints as "3-norm" for ``picture``; differentiable."""
        return pooled(self.map(picture))


class _Comparison:
    """One resolution."""

    def __init__(self, linear: torch.Tensor) -> None:
        self._blur = Blurs(*linear.shape[2:])
        self._bands = bands(linear, self._blur)
        self._activity = activity(self._bands, self._blur)
        self._mask_low, self._mask_rest = masks(self._activity)

    def map(self, linear: torch.Tensor) -> torch.Tensor:
        ours, theirs = self._bands, bands(linear, self._blur)
        low = squares(ours.low - theirs.low, d.LOW_WEIGHTS)
        rest = squares(ours.middle - theirs.middle, d.MIDDLE_WEIGHTS)
        rest = rest + squares(ours.high - theirs.high, d.HIGH_WEIGHTS)
        rest = rest + squares(beyond(theirs.high, span(ours.high, 0.4, 1.0)), d.HIGH_BEYOND_WEIGHTS)
        high = _unlike(ours.high, theirs.high, d.HIGH_LINES, math.sqrt(0.8))
        middle = _unlike(ours.middle[:, :2], theirs.middle[:, :2], d.MIDDLE_LINES, 1.0)
        rest = rest + lines.energy(torch.cat((high, middle), 1), lines.COARSE)
        if ours.ultra is not None and theirs.ultra is not None:
            rest = rest + lines.energy(_unlike(ours.ultra, theirs.ultra, d.ULTRA_LINES, 0.8), lines.FINE)
        rest = rest + 10.0 * (self._activity - activity(theirs, self._blur)) ** 2
        return (low * self._mask_low + rest * self._mask_rest + 1e-12).sqrt()


def _unlike(ours: torch.Tensor, theirs: torch.Tensor, of: tuple[d.Lines, d.Lines], asymmetry: float) -> torch.Tensor:
    """What the line filters see of one band."""
    both, one_sided, norm = d.gains(of, asymmetry, ours.device)
    size = norm + 0.5 * (ours.abs() + theirs.abs())
    excess = beyond(theirs, span(ours, 0.55, 1.05))
    return (both * (ours - theirs) - one_sided * excess) * (norm / size)
