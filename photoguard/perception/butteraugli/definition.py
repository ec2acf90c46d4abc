"""The numbers that define the metric."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

LEAST_SIDE = 8
"""Smaller pictures are not looked at a second time at half their size."""

DISPLAY_NITS = 80.0

OPSIN = torch.tensor(
    [
        [0.29956550340058319, 0.63373087833825936, 0.077705617820981968],
        [0.22158691104574774, 0.69391388044116142, 0.0987313588422],
        [0.02, 0.02, 0.20480129041026129],
    ]
)
OPSIN_BIAS = torch.tensor([1.7557483643287353, 1.7557483643287353, 12.226454707163354])

# standard deviations in pixels
SIGMA_OPSIN = 1.2
SIGMA_LOW = 7.15593339443
SIGMA_MIDDLE = 3.22489901262
SIGMA_HIGH = 1.56416327805
SIGMA_MASK = 2.7

# low band: how X, Y, B and B's dependence on Y are scaled before plain squared differences
LOW_SCALE = (33.832837186260, 14.458268100570, 49.87984651440)
LOW_Y_TO_B = -0.362267051518
LOW_WEIGHTS = (29.2353797994, 0.844626970982, 0.703646627719)
MIDDLE_WEIGHTS = (2150.0, 10.6195433239, 16.2176043152)
_LOPSIDED = 0.8
HIGH_WEIGHTS = (400.0 * 0.8 * _LOPSIDED, 1.50815703118 * 0.8 * _LOPSIDED)
HIGH_BEYOND_WEIGHTS = (400.0 * 0.8 / _LOPSIDED, 1.50815703118 * 0.8 / _LOPSIDED)
"""What lies outside of 0.4 to 1 times the reference counts once more."""

ERROR_SCALE = 1 / (17.83 * 0.79079917404)


@dataclass(frozen=True)
class Lines:
    """How one band of one channel goes through the line filters."""

    weight: float
    norm: float
    is_fine: bool
    """Nine-tap lines (the highest band) or five-tap lines."""

    def gains(self, asymmetry: float) -> tuple[float, float, float]:
        """By what differences count, by what more those beyond the reference's span do, and the norm against which
        large values count less.
        """
        gain = 0.39905817637 if self.is_fine else 0.611612573796
        taps = 3.75 * 2 + 1
        both = gain * math.sqrt(0.5 * self.weight * asymmetry) / taps
        return both, gain * math.sqrt(0.33 * self.weight / asymmetry) / taps, self.norm


# per band: channels X, Y
ULTRA_LINES = (Lines(173.5, 5.0, True), Lines(1.10039032555, 71.7800275169, True))
HIGH_LINES = (Lines(6923.99476109, 8051.15833247, False), Lines(18.7237414387, 4498534.45232, False))
MIDDLE_LINES = (Lines(8246.75321353, 1009002.70582, False), Lines(37.0819870399, 130262059.556, False))


def gains(of: tuple[Lines, Lines], asymmetry: float, device: torch.device) -> tuple[torch.Tensor, ...]:
    """:meth:`Lines.gains` of both channels, each (1, 2, 1, 1)."""
    each = zip(*(channel.gains(asymmetry) for channel in of), strict=True)
    return tuple(torch.tensor(values, device=device).view(1, 2, 1, 1) for values in each)
