"""What the eye makes of light: opponent colours after local adaptation, in four bands from broad to fine."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from photoguard.perception.butteraugli import definition as d
from photoguard.perception.butteraugli.blurring import Blurs
from photoguard.perception.colour import mix


@dataclass(frozen=True)
class Bands:
    """Each (1, c, h, w)."""

    low: torch.Tensor
    """X (red against green), Y (light), B."""
    middle: torch.Tensor
    """X, Y, B."""
    high: torch.Tensor
    """X, Y."""
    ultra: torch.Tensor | None
    """X, Y; left out where only a smooth change is looked at."""


def bands(linear: torch.Tensor, blur: Blurs) -> Bands:
    """Of linear light (1, 3, h, w) in 0..1."""
    xyb = opponents(*adaptation(linear, blur))
    low = blur(xyb, d.SIGMA_LOW)
    rest = xyb - low
    middle = blur(rest, d.SIGMA_MIDDLE)
    high = quieted((rest - middle)[:, :2])
    smooth = blur(high, d.SIGMA_HIGH)
    x, y = smooth[:, :1], compressed(smooth[:, 1:], 28.4691806922)
    y_ultra = compressed(high[:, 1:] - y, 5.19175294647) * 2.69313763794
    ultra = torch.cat((shrunk(high[:, :1] - x, 0.04), y_ultra), 1)
    return Bands(scaled_low(low), shaped_middle(middle), shaped_high(x, y), ultra)


def adaptation(linear: torch.Tensor, blur: Blurs) -> tuple[torch.Tensor, torch.Tensor]:
    """The cones' light, and the light around each pixel to which they have adapted; both (1, 3, h, w)."""
    light = linear * d.DISPLAY_NITS
    matrix, bias = d.OPSIN.to(linear.device), d.OPSIN_BIAS.to(linear.device)
    around = torch.maximum(mix(blur(light, d.SIGMA_OPSIN), matrix, bias), bias.view(1, 3, 1, 1))
    return mix(light, matrix, bias), around


def response(around: torch.Tensor) -> torch.Tensor:
    """The eye's answer to even light."""
    return 19.245013259874995 * torch.log(around + 9.9710635769299145) - 23.16046239805755


def response_slope(around: torch.Tensor) -> torch.Tensor:
    """Derivative of :func:`response`."""
    return 19.245013259874995 / (around + 9.9710635769299145)


def opponents(cones: torch.Tensor, around: torch.Tensor) -> torch.Tensor:
    """X, Y, B from the cones' light and what they have adapted to."""
    floor = d.OPSIN_BIAS.to(cones.device).view(1, 3, 1, 1)
    return crossed(torch.maximum(cones * (response(around) / around), floor))


def crossed(cones: torch.Tensor) -> torch.Tensor:
    long, middle, short = cones.unbind(1)
    return torch.stack((long - middle, long + middle, short), 1)


def scaled_low(low: torch.Tensor) -> torch.Tensor:
    x, y, b = low.unbind(1)
    return torch.stack((x * d.LOW_SCALE[0], y * d.LOW_SCALE[1], (b + d.LOW_Y_TO_B * y) * d.LOW_SCALE[2]), 1)


def shaped_middle(middle: torch.Tensor) -> torch.Tensor:
    return torch.cat((shrunk(middle[:, :1], 0.29), amplified(middle[:, 1:2], 0.1), middle[:, 2:]), 1)


def quieted(high: torch.Tensor) -> torch.Tensor:
    """Red-green detail counts less where brightness changes too."""
    x, y = high.unbind(1)
    x = x * (0.653020556257 + (1 - 0.653020556257) * 46.0 / (y * y + 46.0))
    return torch.stack((x, y), 1)


def shaped_high(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return torch.cat((shrunk(x, 1.5), amplified(y * 2.155, 0.132)), 1)


# the gradients of softshrink and hardtanh are several times as fast as that of clamp


def shrunk(x: torch.Tensor, width: float) -> torch.Tensor:
    return F.softshrink(x, width)


def amplified(x: torch.Tensor, width: float) -> torch.Tensor:
    return x + F.hardtanh(x, -width, width)


def compressed(x: torch.Tensor, limit: float) -> torch.Tensor:
    return x - (1 - 0.724216145665) * F.softshrink(x, limit)
