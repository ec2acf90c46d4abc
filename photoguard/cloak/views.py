"""What happens to a photo between posting and an encoder, drawn anew at every step (expectation over transformations,
Athalye et al. 2018): a smaller size, a little blur, JPEG, landmarks that another detector puts elsewhere.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from PIL import Image

from photoguard.cloak.region import resized
from photoguard.domain import Face, Platform
from photoguard.faces import alignment
from photoguard.perception.blurring import blurred, gaussian, halved
from photoguard.platforms import HANDLINGS

_LEAST_SIDE = 64
_SEEN_PX = (180, 300)
"""Sides at which views of a larger working grid are drawn: encoders see a face at 112 to 160 pixels, and larger views cost
time and taught nothing (own .649 with 420 at most, .646 with 300, .656 without; five faces over 240 px)."""
_WORTH_PX, _OF_LARGEST = 100, 0.6
"""Recognisers hardly know a face in fewer pixels, and a small face that is guarded at such sizes is guarded less where they do:
views start at so many pixels, or at this share of the largest view (own .146 to .118 as posted, .397 to .428 at half of that;
twelve faces of 100 px)."""
_A_LITTLE_LARGER = 1.15
"""Than what is posted: the file itself may be found too, and platforms change their limits."""


@dataclass(frozen=True)
class ViewRange:
    """From what views are drawn."""

    sizes: tuple[float, float] = (0.35, 1.0)
    """Scale of the working grid; platforms shrink photos, and swap tools shrink faces to 112 px."""
    jpeg_share: float = 0.7
    jpeg_qualities: tuple[int, int] = (60, 95)
    blur_share: float = 0.3
    blur_sigmas: tuple[float, float] = (0.3, 1.2)
    posted_zoom: float = 1.0
    """By what factor the platform will reduce the photo; detail that is lost there protects nobody."""
    jitter_px: float = 1.5
    """Standard deviation of each landmark in pixels of the encoder's template."""

    @classmethod
    def after(cls, platform: Platform, size: tuple[int, int]) -> ViewRange:
        """What happens to a photo of ``size`` (width, height) that goes through ``platform``.

        Encoders still shrink the face, so sizes stay wide; with a platform named, blur is rarer, and JPEG is nearly
        always there and near the quality that the platform uses.
        """
        zoom = HANDLINGS[platform].zoom(size)
        if platform is Platform.ANY:
            return cls(posted_zoom=zoom)
        quality = HANDLINGS[platform].quality
        return cls(
            posted_zoom=zoom,
            sizes=(0.45, 1.0),
            jpeg_share=0.9,
            jpeg_qualities=(quality - 10, min(95, quality + 8)),
            blur_share=0.2,
        )

    def at(self, zoom: float, side: int) -> ViewRange:
        """The same for a working grid of ``side`` pixels, ``zoom`` of them per photo pixel: no larger than what will be
        posted, and than what encoders resolve.
        """
        low, high = (min(share, px / side) for share, px in zip(self.sizes, _SEEN_PX, strict=True))
        high = min(high, max(low + 0.1, _A_LITTLE_LARGER * self.posted_zoom / zoom))
        return replace(self, sizes=(max(low, min(_OF_LARGEST * high, _WORTH_PX / side)), high))


@dataclass(frozen=True)
class View:
    """One drawn version of the picture."""

    picture: torch.Tensor
    face: Face
    """Landmarks in pixels of ``picture``."""


def draw(picture: torch.Tensor, face: Face, ways: ViewRange, chance: np.random.Generator) -> View:
    """A random view of ``picture`` (1, 3, n, n) in 0..1; gradients pass through it to ``picture``."""
    side = picture.shape[-1]
    smaller = min(side, max(_LEAST_SIDE, round(side * chance.uniform(*ways.sizes))))
    seen = reduced(picture, smaller)
    zoom = smaller / side
    points = alignment.rescaled(face.landmarks, zoom, zoom)
    if chance.random() < ways.blur_share:
        seen = blurred(seen, gaussian(chance.uniform(*ways.blur_sigmas), 3))
    if chance.random() < ways.jpeg_share:
        low, high = ways.jpeg_qualities
        seen = through_jpeg(seen, int(chance.integers(low, high + 1)))
    return View(seen, replace(face, landmarks=points))


def reduced(picture: torch.Tensor, side: int) -> torch.Tensor:
    """``picture`` (n, c, h, h) at side x side, not larger than before, antialiased; differentiable."""
    if picture.shape[-1] >= 2 * side:
        picture = halved(picture)  # and then the rest: both together take a third of the time
    small: torch.Tensor = picture if picture.shape[-1] == side else _Reduced.apply(picture, side)  # type: ignore[no-untyped-call]
    return small


class _Reduced(torch.autograd.Function):
    """Reducing and enlarging with one bicubic kernel are each other's gradients but for a factor (to 3 parts in 10,000
    here), and torch enlarges three times as fast as it goes back through reducing.
    """

    @staticmethod
    def forward(ctx: Any, picture: torch.Tensor, side: int) -> torch.Tensor:
        ctx.side = picture.shape[-1]
        return resized(picture, side)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        (gradient,) = gradients
        return resized(gradient, ctx.side).mul_((gradient.shape[-1] / ctx.side) ** 2), None


def through_jpeg(picture: torch.Tensor, quality: int) -> torch.Tensor:
    """``picture`` as a JPEG with 4:2:0 chroma shows it; the gradient passes straight through (Bengio et al. 2013)."""
    pixels = (picture.detach()[0].permute(1, 2, 0).clamp(0, 1) * 255 + 0.5).to(torch.uint8).numpy()
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=quality, subsampling=2)
    decoded = torch.from_numpy(np.array(Image.open(coded))).permute(2, 0, 1)[None].float() / 255
    return picture + (decoded - picture).detach()
