"""Butteraugli, differentiable: the second opinion on how visible a change is.

The psychovisual distance of Jyrki Alakuijala et al. (2017, "Guetzli"; as revised in libjxl 0.7): opsin dynamics,
four frequency bands, line-shaped (Malta) filters, masking by the reference's own texture. The numbers below are the
metric's definition. Distance 0: identical; 1: hardly visible; 2: visible when one looks for it. SSIMULACRA2 alone can be
gamed by re-shading a face; this distance sees it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from photoguard.perception.colour import mix

_LEAST_SIDE = 8
_DISPLAY_NITS = 80.0

_OPSIN = torch.tensor(
    [
        [0.29956550340058319, 0.63373087833825936, 0.077705617820981968],
        [0.22158691104574774, 0.69391388044116142, 0.0987313588422],
        [0.02, 0.02, 0.20480129041026129],
    ]
)
_OPSIN_BIAS = torch.tensor([1.7557483643287353, 1.7557483643287353, 12.226454707163354])

_SIGMA_OPSIN, _SIGMA_LOW, _SIGMA_MIDDLE, _SIGMA_HIGH, _SIGMA_MASK = (
    1.2,
    7.15593339443,
    3.22489901262,
    1.56416327805,
    2.7,
)

# low band: how X, Y, B and B's dependence on Y are scaled before plain squared differences
_LOW_SCALE = (33.832837186260, 14.458268100570, 49.87984651440)
_LOW_Y_TO_B = -0.362267051518
_LOW_WEIGHTS = (29.2353797994, 0.844626970982, 0.703646627719)
_MIDDLE_WEIGHTS = (2150.0, 10.6195433239, 16.2176043152)
_HIGH_WEIGHTS = (400.0, 1.50815703118)

_ERROR_SCALE = 1 / (17.83 * 0.79079917404)


@dataclass(frozen=True)
class _Line:
    """How one band of one channel goes through the line filters."""

    weight: float
    norm: float
    is_fine: bool
    """Nine-tap lines (the highest band) or five-tap lines."""


# per band: channels X, Y
_ULTRA_LINES = (_Line(173.5, 5.0, True), _Line(1.10039032555, 71.7800275169, True))
_HIGH_LINES = (_Line(6923.99476109, 8051.15833247, False), _Line(18.7237414387, 4498534.45232, False))
_MIDDLE_LINES = (_Line(8246.75321353, 1009002.70582, False), _Line(37.0819870399, 130262059.556, False))

# 16 directions as (dx, dy) of the taps on one side; the other side mirrors them through the centre
_COARSE_TAPS = (
    ((2, 0), (4, 0)),
    ((0, 2), (0, 4)),
    ((2, 2), (3, 3)),
    ((-2, 2), (-3, 3)),
    ((-1, 2), (-1, 4)),
    ((1, 2), (1, 4)),
    ((2, 1), (4, 1)),
    ((2, -1), (4, -1)),
    ((1, 2), (2, 3)),
    ((-1, 2), (-2, 3)),
    ((2, 1), (3, 2)),
    ((-2, 1), (-3, 2)),
    ((-2, 1), (-4, 2)),
    ((2, 1), (4, 2)),
    ((1, 2), (2, 4)),
    ((-1, 2), (-2, 4)),
)
_FINE_TAPS = (
    ((1, 0), (2, 0), (3, 0), (4, 0)),
    ((0, 1), (0, 2), (0, 3), (0, 4)),
    ((1, 1), (2, 2), (3, 3)),
    ((-1, 1), (-2, 2), (-3, 3)),
    ((0, 1), (-1, 2), (-1, 3), (-1, 4)),
    ((0, 1), (1, 2), (1, 3), (1, 4)),
    ((1, 0), (2, 1), (3, 1), (4, 1)),
    ((1, 0), (2, -1), (3, -1), (4, -1)),
    ((1, 1), (1, 2), (2, 3)),
    ((-1, 1), (-1, 2), (-2, 3)),
    ((1, 1), (2, 1), (3, 2)),
    ((-1, 1), (-2, 1), (-3, 2)),
    ((1, 0), (2, -1), (3, -1), (4, -1)),
    ((1, 0), (2, 1), (3, 1), (4, 1)),
    ((0, 1), (1, 2), (1, 3), (1, 4)),
    ((0, 1), (-1, 2), (-1, 3), (-1, 4)),
)
_FEWER_LINES = (1.0, 1.0, 1.0, 1.0, *(0.0,) * 8, 3.0, 3.0, 3.0, 3.0)
"""How often each direction counts in the quick measure: of three lines of nearly the same slope one stands for all."""


class Butteraugli:
    """Compares pictures with one reference; what depends on the reference alone is computed once."""

    def __init__(self, reference: torch.Tensor, *, exact: bool = True) -> None:
        """``reference``: linear light (1, 3, h, w) in 0..1.

        ``exact=False`` leaves out the finest band, which a smooth change hardly touches, and half of the directions of
        lines: half of the time, a tenth below the true distance, and gradients that agree with the true ones (cosine
        0.96 to 0.99). An optimisation needs them to agree: one that follows a rougher measure spends its steps on what
        that measure overlooks.
        """
        with torch.no_grad():
            self._fine = _Comparison(reference, exact=exact)
            half = F.avg_pool2d(reference, 2, ceil_mode=True)
            looks_twice = min(half.shape[2:]) >= _LEAST_SIDE
            self._half = _Comparison(half, exact=exact) if looks_twice else None

    def map(self, picture: torch.Tensor) -> torch.Tensor:
        """Local distance (1, 1, h, w) of ``picture``, linear light (1, 3, h, w) in 0..1; differentiable."""
        fine = self._fine.map(picture)
        if self._half is None:
            return fine
        half = self._half.map(F.avg_pool2d(picture, 2, ceil_mode=True))
        half = half.repeat_interleave(2, 2).repeat_interleave(2, 3)[..., : fine.shape[2], : fine.shape[3]]
        return fine * (1 - 0.3 * 0.5) + 0.5 * half

    def distance(self, picture: torch.Tensor) -> torch.Tensor:
        """The "3-norm" that butteraugli_main prints: the mean of the 3-, 6- and 12-norms of the map."""
        peak = (local := self.map(picture)).max().detach().clamp_min(1e-6)
        cubes = (local / peak) ** 3  # scaled by the peak so that the twelfth power stays in range
        norms = [((cubes**k).mean() + 1e-20) ** (1 / (3 * k)) for k in (1, 2, 4)]
        return peak * (norms[0] + norms[1] + norms[2]) / 3


class _Comparison:
    """One resolution."""

    def __init__(self, linear: torch.Tensor, *, exact: bool) -> None:
        self.blur = _Blurs(linear.shape[2], linear.shape[3])
        self.exact = exact
        self.bands = _bands(linear, self.blur)
        self.activity = self._activity(self.bands)
        mask = _fuzzy_erosion(self.activity)
        self.mask_low = _mask(mask, offset=0.20025578522, scale=3.87449418804, gain=0.505054525019)
        self.mask_rest = _mask(mask, offset=0.829591754942, scale=0.451936922203, gain=2.5485944793)

    def _activity(self, bands: _Bands) -> torch.Tensor:
        """How busy the picture is around each pixel, which hides changes."""
        x = (bands.high[:, :1] + bands.ultra[:, :1]) * 2.5
        y = bands.ultra[:, 1:] * 0.4 + bands.high[:, 1:] * 0.4
        size = (x * x + y * y + 1e-12).sqrt()
        gain, bias = 6.19424080439, 12.61050594197
        activity = (gain * size + gain * bias).sqrt() - math.sqrt(gain * bias)
        return self.blur(activity, _SIGMA_MASK)

    def map(self, linear: torch.Tensor) -> torch.Tensor:
        ours, theirs = self.bands, _bands(linear, self.blur)
        low = _squares(ours.low - theirs.low, _LOW_WEIGHTS)
        rest = _squares(ours.middle - theirs.middle, _MIDDLE_WEIGHTS)
        rest = rest + self._lines(ours.high, theirs.high, _HIGH_LINES, math.sqrt(0.8))
        rest = rest + self._lines(ours.middle[:, :2], theirs.middle[:, :2], _MIDDLE_LINES, 1.0)
        rest = rest + _lopsided_squares(ours.high, theirs.high)
        if self.exact:
            rest = rest + self._lines(ours.ultra, theirs.ultra, _ULTRA_LINES, 0.8)
            rest = rest + 10.0 * (self.activity - self._activity(theirs)) ** 2
        return (low * self.mask_low + rest * self.mask_rest + 1e-12).sqrt()

    def _lines(
        self, ours: torch.Tensor, theirs: torch.Tensor, lines: tuple[_Line, _Line], asymmetry: float
    ) -> torch.Tensor:
        fine = lines[0].is_fine
        gain = 0.39905817637 if fine else 0.611612573796
        taps = 3.75 * 2 + 1
        shape = (1, 2, 1, 1)
        weight = torch.tensor([line.weight for line in lines], device=ours.device).view(shape)
        norm = torch.tensor([line.norm for line in lines], device=ours.device).view(shape)
        both = gain * (0.5 * weight * asymmetry).sqrt() / taps * norm
        one_sided = gain * (0.33 * weight / asymmetry).sqrt() / taps * norm
        size = norm + 0.5 * (ours.abs() + theirs.abs())
        difference = ours - theirs
        excess = _outside(ours, theirs, 0.55, 1.05)
        scaled = (both * difference + one_sided * excess * difference.sign()) / size
        return _line_energy(scaled, fine=fine, exact=self.exact)


def _outside(ours: torch.Tensor, theirs: torch.Tensor, least: float, most: float) -> torch.Tensor:
    """How far ``theirs`` lies outside of ``least``..``most`` times ``ours``, along the sign of ``ours``."""
    size = ours.abs()
    along = theirs * ours.sign()
    return (least * size - along).clamp_min(0) + (along - most * size).clamp_min(0)


def _lopsided_squares(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    asymmetry = 0.8
    weights = _HIGH_WEIGHTS
    plain = _squares(ours - theirs, tuple(0.8 * w * asymmetry for w in weights))
    return plain + _squares(_outside(ours, theirs, 0.4, 1.0), tuple(0.8 * w / asymmetry for w in weights))


def _squares(difference: torch.Tensor, weights: tuple[float, ...]) -> torch.Tensor:
    scale = torch.tensor(weights, device=difference.device).view(1, -1, 1, 1)
    return (difference * difference * scale).sum(1, keepdim=True)


def _line_energy(scaled: torch.Tensor, *, fine: bool, exact: bool) -> torch.Tensor:
    """Sum over channels and directions of squared sums along lines."""
    rows, columns = scaled.shape[2:]
    padded = F.pad(scaled, (4, 4, 4, 4))
    energy = torch.zeros_like(scaled)
    every = _FINE_TAPS if fine else _COARSE_TAPS
    for index, weight in enumerate((1.0,) * len(every) if exact else _FEWER_LINES):
        if not weight:
            continue
        line = scaled
        for dx, dy in every[index]:  # adding shifted pictures is thirty times faster than a 9 x 9 convolution
            line = line + padded[:, :, 4 + dy : 4 + dy + rows, 4 + dx : 4 + dx + columns]
            line = line + padded[:, :, 4 - dy : 4 - dy + rows, 4 - dx : 4 - dx + columns]
        energy = torch.addcmul(energy, line, line, value=weight)
    return energy.sum(1, keepdim=True)


@dataclass(frozen=True)
class _Bands:
    low: torch.Tensor  # X, Y, B
    middle: torch.Tensor  # X, Y, B
    high: torch.Tensor  # X, Y
    ultra: torch.Tensor  # X, Y


def _bands(linear: torch.Tensor, blur: _Blurs) -> _Bands:
    xyb = _opsin(linear, blur)
    low = blur(xyb, _SIGMA_LOW)
    rest = xyb - low
    middle = blur(rest, _SIGMA_MIDDLE)
    high = (rest - middle)[:, :2]
    middle = torch.cat((_shrunk(middle[:, :1], 0.29), _amplified(middle[:, 1:2], 0.1), middle[:, 2:]), 1)
    # red-green detail counts less where brightness changes too
    x, y = high.unbind(1)
    x = x * (0.653020556257 + (1 - 0.653020556257) * 46.0 / (y * y + 46.0))
    high = torch.stack((x, y), 1)
    smooth = blur(high, _SIGMA_HIGH)
    x_high, y_high = smooth[:, :1], _compressed(smooth[:, 1:], 28.4691806922)
    x_ultra = high[:, :1] - x_high
    y_ultra = _compressed(high[:, 1:] - y_high, 5.19175294647) * 2.69313763794
    y_high = _amplified(y_high * 2.155, 0.132)
    lx, ly, lb = low.unbind(1)
    low = torch.stack((lx * _LOW_SCALE[0], ly * _LOW_SCALE[1], (lb + _LOW_Y_TO_B * ly) * _LOW_SCALE[2]), 1)
    return _Bands(
        low,
        middle,
        torch.cat((_shrunk(x_high, 1.5), y_high), 1),
        torch.cat((_shrunk(x_ultra, 0.04), y_ultra), 1),
    )


def _opsin(linear: torch.Tensor, blur: _Blurs) -> torch.Tensor:
    """Linear RGB to X, Y, B with the eye's local adaptation."""
    light = linear * _DISPLAY_NITS
    matrix, bias = _OPSIN.to(linear.device), _OPSIN_BIAS.to(linear.device)
    floor = bias.view(1, 3, 1, 1)
    adapted = torch.maximum(mix(blur(light, _SIGMA_OPSIN), matrix, bias), floor)
    response = 19.245013259874995 * torch.log(adapted + 9.9710635769299145) - 23.16046239805755
    mixed = torch.maximum(mix(light, matrix, bias) * (response / adapted), floor)
    long, middle, short = mixed.unbind(1)
    return torch.stack((long - middle, long + middle, short), 1)


def _shrunk(x: torch.Tensor, width: float) -> torch.Tensor:
    return x - x.clamp(-width, width)


def _amplified(x: torch.Tensor, width: float) -> torch.Tensor:
    return x + x.clamp(-width, width)


def _compressed(x: torch.Tensor, limit: float) -> torch.Tensor:
    inside = x.clamp(-limit, limit)
    return inside + 0.724216145665 * (x - inside)


def _mask(activity: torch.Tensor, *, offset: float, scale: float, gain: float) -> torch.Tensor:
    return (_ERROR_SCALE * (1 + gain / (scale * activity + offset))) ** 2


def _fuzzy_erosion(activity: torch.Tensor) -> torch.Tensor:
    """Near a smooth area nothing is hidden: a weighted mean of the three least of nine values three pixels apart."""
    rows, columns = activity.shape[2:]
    padded = F.pad(activity, (3, 3, 3, 3), value=float("inf"))
    around = [padded[:, :, dy : dy + rows, dx : dx + columns] for dy in (0, 3, 6) for dx in (0, 3, 6)]
    least = torch.cat([*around, 2 * activity, 2 * activity], 1).topk(3, 1, largest=False, sorted=True).values
    return (least * torch.tensor([0.45, 0.3, 0.25], device=activity.device).view(1, 3, 1, 1)).sum(1, keepdim=True)


class _Blurs:
    """Truncated Gaussian blurs that average only what lies inside a picture of one size."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self._made: dict[float, tuple[torch.Tensor, torch.Tensor]] = {}

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        window, weight = self._window(sigma, x.device)
        radius, channels = window.numel() // 2, x.shape[1]
        x = x.contiguous(memory_format=torch.channels_last)
        x = F.conv2d(x, window.view(1, 1, 1, -1).expand(channels, 1, 1, -1), padding=(0, radius), groups=channels)
        x = F.conv2d(x, window.view(1, 1, -1, 1).expand(channels, 1, -1, 1), padding=(radius, 0), groups=channels)
        return x * weight

    def _window(self, sigma: float, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
        if sigma not in self._made:
            radius = max(1, int(2.25 * sigma))
            taps = torch.arange(-radius, radius + 1, dtype=torch.float32)
            window = torch.exp(-taps.square() / (2 * sigma * sigma))
            window = window / window.sum()
            inside = [
                F.conv1d(torch.ones(1, 1, length), window.view(1, 1, -1), padding=radius).view(-1)
                for length in (self.rows, self.columns)
            ]
            weight = 1 / (inside[0].view(1, 1, -1, 1) * inside[1].view(1, 1, 1, -1))
            self._made[sigma] = window.to(device), weight.to(device)
        return self._made[sigma]
