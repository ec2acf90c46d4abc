"""SSIMULACRA2, differentiable: how visible a change is to people, 100 = not at all.

The metric of Jon Sneyers (2022, cloudinary/ssimulacra2): SSIM and edge differences in the XYB colour space over six
scales, pooled by 1- and 4-norms, 108 weights. The numbers below are the metric's definition. Scores: 90 visually
lossless, 70 high, 50 medium quality.
"""

from __future__ import annotations

import torch

from photoguard.perception.blurring import blurred, gaussian, halved
from photoguard.perception.colour import mix

_SCALES = 6
_LEAST_SIDE = 8
_C2 = 0.0009

_OPSIN = torch.tensor(
    [
        [0.30, 0.622, 0.078],
        [0.23, 0.692, 0.078],
        [0.24342268924547819, 0.20476744424496821, 0.55180986650955360],
    ]
)
_OPSIN_BIAS = 0.0037930732552754493

_WINDOW = gaussian(1.5, 5)

# in the order channel X, Y, B > scale > (SSIM, artefact, lost detail) by 1-norm, then by 4-norm
# fmt: off
_WEIGHTS = torch.tensor(
    [
        0.0, 0.0007376606707406586, 0.0, 0.0, 0.0007793481682867309, 0.0,
        0.0, 0.0004371155730107379, 0.0, 1.1041726426657346, 0.00066284834129271, 0.00015231632783718752,
        0.0, 0.0016406437456599754, 0.0, 1.8422455520539298, 11.441172603757666, 0.0,
        0.0007989109436015163, 0.000176816438078653, 0.0, 1.8787594979546387, 10.94906990605142, 0.0,
        0.0007289346991508072, 0.9677937080626833, 0.0, 0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053,
        0.0004550992113792063, 0.0, 0.0, 0.0013648766163243398, 0.0, 0.0,
        0.0, 0.0, 0.0, 7.466890328078848, 0.0, 17.445833984131262,
        0.0006235601634041466, 0.0, 0.0, 6.683678146179332, 0.00037724407979611296, 1.027889937768264,
        225.20515300849274, 0.0, 0.0, 19.213238186143016, 0.0011401524586618361, 0.001237755635509985,
        176.39317598450694, 0.0, 0.0, 24.43300999870476, 0.28520802612117757, 0.0004485436923833408,
        0.0, 0.0, 0.0, 34.77906344483772, 44.835625328877896, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0008680556573291698, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0005313191874358747, 0.0, 0.00016533814161379112, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0004179171803251336, 0.0017290828234722833, 0.0,
        0.0020827005846636437, 0.0, 0.0, 8.826982764996862, 23.19243343998926, 0.0,
        95.1080498811086, 0.9863978034400682, 0.9834382792465353, 0.0012286405048278493, 171.2667255897307, 0.9807858872435379,
        0.0, 0.0, 0.0, 0.0005130064588990679, 0.0, 0.00010854057858411537,
    ]
)
# fmt: on


_LEAST_WEIGHT = 0.01
"""Terms below this change a score by less than 0.02 points; channels that have only such terms are left out."""


class Ssimulacra2:
    """Compares pictures with one reference; what depends on the reference alone is computed once."""

    def __init__(self, reference: torch.Tensor, *, finest: bool = True) -> None:
        """``reference``: linear light (1, 3, h, w) in 0..1.

        Without the ``finest`` scale scores are too high by a few points, gradients nearly the same for changes without fine
        detail (cosine above 0.98 on the cloak of a face of 300 px or more), and both come in half of the time.
        """
        with torch.no_grad():
            levels = _levels(reference, _SCALES)
            self._first = 0 if finest or len(levels) == 1 else 1
            weights = _per_scale(len(levels))
            self._scales = [
                _Scale(level, weight.to(reference.device))
                for level, weight in zip(levels[self._first :], weights[self._first :], strict=True)
            ]

    def score(self, picture: torch.Tensor) -> torch.Tensor:
        """The score of ``picture``, linear light (1, 3, h, w) in 0..1; at most 100, differentiable."""
        levels = _levels(picture, self._first + len(self._scales))[self._first :]
        total = torch.stack([scale.penalty(x) for scale, x in zip(self._scales, levels, strict=True)]).sum()
        total = total * 0.9562382616834844
        total = 2.326765642916932 * total - 0.020884521182843837 * total**2 + 6.248496625763138e-05 * total**3
        # the power's slope at zero is infinite; identical pictures must not give NaN gradients
        return 100 - 10 * total.clamp_min(1e-6) ** 0.6276336467831387


def _per_scale(scales: int) -> torch.Tensor:
    """(scales, 3 channels, 6 terms); a small picture has fewer scales and takes the first weights of the run, as
    the reference implementation does.
    """
    return _WEIGHTS[: 18 * scales].view(3, scales, 6).transpose(0, 1)


class _Scale:
    """The reference at one resolution, in those channels that count there."""

    def __init__(self, linear: torch.Tensor, weights: torch.Tensor) -> None:
        self.channels = [c for c in range(3) if weights[c].max() >= _LEAST_WEIGHT]
        self.weights = weights[self.channels]
        if not self.channels:
            return
        self.reference = _positive_xyb(linear, self.channels)
        smooth = _smooth(torch.cat((self.reference, self.reference * self.reference), 1))
        self.mean, square = torch.split(smooth, len(self.channels), 1)
        self.spread = square - self.mean * self.mean + _C2
        self.edge = 1 / (1 + (self.reference - self.mean).abs())

    def penalty(self, linear: torch.Tensor) -> torch.Tensor:
        """Weighted sum of SSIM, artefact and lost detail by their 1-norms and 4-norms."""
        if not self.channels:
            return linear.new_zeros(())
        x = _positive_xyb(linear, self.channels)
        mean, square, product = torch.split(
            _smooth(torch.cat((x, x * x, x * self.reference), 1)), len(self.channels), 1
        )
        structure = 2 * (product - self.mean * mean) + _C2
        spread = self.spread + (square - mean * mean)
        ssim = (1 - (1 - (self.mean - mean).square()) * structure / spread).clamp_min(0)
        edge = (1 + (x - mean).abs()) * self.edge - 1
        terms = []
        for errors in (ssim, edge.clamp_min(0), (-edge).clamp_min(0)):
            fourth = errors.square().square().mean((0, 2, 3)).clamp_min(1e-24) ** 0.25
            terms.append((errors.mean((0, 2, 3)), fourth))
        norms = [*(first for first, _ in terms), *(fourth for _, fourth in terms)]
        return (torch.stack(norms, 1) * self.weights).sum()


def _levels(linear: torch.Tensor, count: int) -> list[torch.Tensor]:
    """The picture at up to ``count`` resolutions, halved in linear light."""
    levels: list[torch.Tensor] = []
    while len(levels) < count and min(linear.shape[2:]) >= _LEAST_SIDE:
        levels.append(linear)
        linear = halved(linear)
    return levels


def _positive_xyb(linear: torch.Tensor, channels: list[int]) -> torch.Tensor:
    cones = 3 if 2 in channels else 2
    matrix = _OPSIN[:cones].to(linear.device)
    mixed = mix(linear, matrix, torch.full((cones,), _OPSIN_BIAS, device=linear.device)).clamp_min(1e-7)
    response = mixed ** (1 / 3) - _OPSIN_BIAS ** (1 / 3)
    long, middle = response[:, 0], response[:, 1]
    y = (long + middle) / 2
    made = {0: lambda: (long - middle) * 7 + 0.42, 1: lambda: y + 0.01, 2: lambda: response[:, 2] - y + 0.55}
    return torch.stack([made[c]() for c in channels], 1)


def _smooth(x: torch.Tensor) -> torch.Tensor:
    # mirrored above and below, zeros at the sides: what the reference implementation does
    radius = min(len(_WINDOW) // 2, x.shape[2])
    mirrored = torch.cat((x[:, :, :radius].flip(2), x, x[:, :, -radius:].flip(2)), 2)
    return blurred(mirrored, _WINDOW)[:, :, radius:-radius]
