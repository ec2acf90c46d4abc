"""SSIMULACRA2, differentiable: how visible a change is to people, 100 = not at all.

The metric of Jon Sneyers (2022, cloudinary/ssimulacra2): SSIM and edge differences in the XYB colour space over six
scales, pooled by 1- and 4-norms, 108 weights. The numbers below are the metric's definition. Scores: 90 visually
lossless, 70 high, 50 medium quality.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from photoguard.perception.colour import blurred, gaussian, linear_from_srgb, mix

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


class Ssimulacra2:
    """Compares pictures with one reference; what depends on the reference alone is computed once."""

    def __init__(self, reference: torch.Tensor, *, is_halved: bool = False) -> None:
        """``reference``: sRGB (1, 3, h, w) in 0..1.

        ``is_halved`` says that reference and pictures are half the size of what is to be judged: their scales count
        as the second to last of the full picture, and the finest scale, which a smooth change hardly touches, is
        left out. Four times faster, for use inside an optimisation.
        """
        self._skipped = int(is_halved)
        with torch.no_grad():
            self._scales = [_Scale(x) for x in _pyramid(reference, _SCALES - self._skipped)]

    def score(self, picture: torch.Tensor) -> torch.Tensor:
        """The score of sRGB ``picture`` (1, 3, h, w) in 0..1; at most 100, differentiable."""
        pyramid = _pyramid(picture, _SCALES - self._skipped)
        scales = [scale.differences(x) for scale, x in zip(self._scales, pyramid, strict=True)]
        # (3, scales, 6); a small picture has fewer scales and takes the first weights of the run, as the
        # reference implementation does
        if self._skipped:
            scales = [torch.zeros_like(scales[0]), *scales]
        differences = torch.stack(scales, 1)
        total = (differences.flatten() * _WEIGHTS[: differences.numel()].to(picture.device)).sum()
        total = total * 0.9562382616834844
        total = 2.326765642916932 * total - 0.020884521182843837 * total**2 + 6.248496625763138e-05 * total**3
        # the power's slope at zero is infinite; identical pictures must not give NaN gradients
        return 100 - 10 * total.clamp_min(1e-6) ** 0.6276336467831387


class _Scale:
    def __init__(self, reference: torch.Tensor) -> None:
        self.reference = reference
        self.mean, self.square = _smooth(torch.cat((reference, reference * reference), 1)).split(3, 1)
        self.edge = 1 + (reference - self.mean).abs()

    def differences(self, x: torch.Tensor) -> torch.Tensor:
        """(3, 6): per channel SSIM, artefact, lost detail by the 1-norm, then the same by the 4-norm."""
        smooth = _smooth(torch.cat((x, x * x, x * self.reference), 1))
        mean, square, product = smooth.split(3, 1)
        structure = 2 * (product - self.mean * mean) + _C2
        spread = (self.square - self.mean * self.mean) + (square - mean * mean) + _C2
        ssim = (1 - (1 - (self.mean - mean) ** 2) * structure / spread).clamp_min(0)
        edge = (1 + (x - mean).abs()) / self.edge - 1
        maps = torch.stack((ssim, edge.clamp_min(0), (-edge).clamp_min(0)), 2)
        mapped = maps.flatten(3)
        first = mapped.mean(3)
        fourth = ((mapped * mapped) ** 2).mean(3).clamp_min(1e-24) ** 0.25
        return torch.cat((first, fourth), 2)[0]


def _pyramid(rgb: torch.Tensor, count: int) -> list[torch.Tensor]:
    """The positive XYB pictures of up to ``count`` scales, halved in linear light."""
    linear = linear_from_srgb(rgb)
    scales = []
    for index in range(count):
        if index:
            linear = F.avg_pool2d(linear, 2, ceil_mode=True)
        if min(linear.shape[2:]) < _LEAST_SIDE:
            break
        scales.append(_positive_xyb(linear))
    return scales


def _positive_xyb(linear: torch.Tensor) -> torch.Tensor:
    bias = torch.full((3,), _OPSIN_BIAS, device=linear.device)
    mixed = mix(linear, _OPSIN.to(linear.device), bias).clamp_min(1e-7)
    long, middle, short = (mixed ** (1 / 3) - _OPSIN_BIAS ** (1 / 3)).unbind(1)
    y = (long + middle) / 2
    xyb = torch.stack(((long - middle) * 7 + 0.42, y + 0.01, short - y + 0.55), 1)
    return xyb.contiguous(memory_format=torch.channels_last)


def _smooth(x: torch.Tensor) -> torch.Tensor:
    # mirrored above and below, zeros at the sides: what the reference implementation does
    radius = min(_WINDOW.numel() // 2, x.shape[2])
    mirrored = torch.cat((x[:, :, :radius].flip(2), x, x[:, :, -radius:].flip(2)), 2)
    return blurred(mirrored, _WINDOW.to(x.device))[:, :, radius:-radius]
