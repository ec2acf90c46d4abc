"""Random views for methods that expect transformations (Athalye et al. 2018); apart from those of our own cloak, so
that a change of ours does not change what it is compared with.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from photoguard.domain import Face
from photoguard.faces import alignment
from photoguard.perception.blurring import blurred, gaussian


@dataclass(frozen=True)
class ViewRange:
    """From what views are drawn; each of the three happens to a view with probability one half."""

    most_blur: float
    least_size: float
    jpeg: tuple[int, int]
    subsampling: int
    """Pillow's number: 0 for 4:4:4, 2 for 4:2:0."""


def draw(picture: torch.Tensor, face: Face, ways: ViewRange, chance: np.random.Generator) -> tuple[torch.Tensor, Face]:
    """A view of ``picture`` (1, 3, n, n) in 0..1, and the face in its pixels; differentiable."""
    blurs, shrinks, codes = chance.random(3) < 0.5
    if blurs:
        picture = blurred(picture, gaussian(float(chance.uniform(0.2, ways.most_blur)), 4))
    if shrinks:
        side = picture.shape[-1]
        smaller = max(64, round(side * chance.uniform(ways.least_size, 1)))
        picture = F.interpolate(picture, size=(smaller, smaller), mode="bilinear", antialias=True)
        zoom = smaller / side
        face = replace(face, landmarks=alignment.rescaled(face.landmarks, zoom, zoom))
    if codes:
        picture = _through_jpeg(picture, int(chance.integers(ways.jpeg[0], ways.jpeg[1] + 1)), ways.subsampling)
    return picture, face


def _through_jpeg(picture: torch.Tensor, quality: int, subsampling: int) -> torch.Tensor:
    """As a JPEG shows it; gradients pass straight through."""
    pixels = (picture.detach()[0].permute(1, 2, 0).clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=quality, subsampling=subsampling)
    seen = torch.from_numpy(np.array(Image.open(coded))).permute(2, 0, 1)[None].float() / 255
    return picture + (seen - picture).detach()
