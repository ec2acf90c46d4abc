"""How much the reference's own texture hides: near a smooth area nothing is hidden."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from photoguard.perception.butteraugli import definition as d
from photoguard.perception.butteraugli.bands import Bands
from photoguard.perception.butteraugli.blurring import Blurs


def activity(bands: Bands, blur: Blurs) -> torch.Tensor:
    """(1, 1, h, w): how busy the picture is around each pixel."""
    fine = bands.high if bands.ultra is None else bands.high + bands.ultra
    x, y = fine[:, :1] * 2.5, fine[:, 1:] * 0.4
    size = (x * x + y * y + 1e-12).sqrt()
    gain, bias = 6.19424080439, 12.61050594197
    return blur((gain * size + gain * bias).sqrt() - math.sqrt(gain * bias), d.SIGMA_MASK)


def masks(activity: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """By what to weigh squared differences of the low band and of the others, (1, 1, h, w) each."""
    eroded = _fuzzy_erosion(activity)
    low = _mask(eroded, offset=0.20025578522, scale=3.87449418804, gain=0.505054525019)
    return low, _mask(eroded, offset=0.829591754942, scale=0.451936922203, gain=2.5485944793)


def _mask(activity: torch.Tensor, *, offset: float, scale: float, gain: float) -> torch.Tensor:
    return (d.ERROR_SCALE * (1 + gain / (scale * activity + offset))) ** 2


def _fuzzy_erosion(activity: torch.Tensor) -> torch.Tensor:
    """A weighted mean of the three least of nine values three pixels apart."""
    rows, columns = activity.shape[2:]
    padded = F.pad(activity, (3, 3, 3, 3), value=float("inf"))
    around = [padded[:, :, dy : dy + rows, dx : dx + columns] for dy in (0, 3, 6) for dx in (0, 3, 6)]
    least = torch.cat([*around, 2 * activity, 2 * activity], 1).topk(3, 1, largest=False, sorted=True).values
    return (least * torch.tensor([0.45, 0.3, 0.25], device=activity.device).view(1, 3, 1, 1)).sum(1, keepdim=True)
