"""What the latent encoders of image editors make of the written file, compared with the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch

from photoguard.domain import Box, Platform
from photoguard.latents import Latents
from photoguard.latents.protocol import LatentDecoder, LatentEncoder
from photoguard.perception.colour import linear_from_srgb
from photoguard.perception.ssimulacra2 import Ssimulacra2
from photoguard.platforms import HANDLINGS
from photoguard.proof.posting import posted
from photoguard.shield.canvas import as_picture, canvas_of

Pixels = npt.NDArray[np.uint8]

_SIDE = 320
"""Longest side of the part that is looked at, in pixels of the posted photo; encoders take their time."""
_GRAIN = 32
"""Sides of the part and its corners are multiples of this: whole latents of every encoder, whole JPEG blocks."""


def measured(
    original: Pixels, written: Pixels, faces: Sequence[Box], latents: Latents, platform: Platform
) -> dict[str, dict[str, float | bool]]:
    """Latent encoder -> what it makes of the written photo once ``platform`` has passed it on.

    ``shift``: the change of its latent over the size of the original's latent; ``shift_unprotected``: the same for the
    original passed on likewise; ``decode_psnr``: PSNR in dB between the decoded pictures of both, where a decoder of its
    family is installed; ``took_part``: whether the shield was made against it. Measured on the part around the largest face
    and what is below it, at most 320 pixels wide and high, as :func:`parts` cuts it.
    """
    clean, plain, seen = parts(original, written, faces, platform)
    found: dict[str, dict[str, float | bool]] = {}
    for encoder in latents.encoders:
        decoder = latents.decoders.get(encoder.family)
        figures = compared(encoder, decoder, clean, plain, seen)
        found[encoder.name] = {"took_part": encoder in latents.taking_part, **figures}
    return found


def whole_ssimulacra2(original: Pixels, written: Pixels, platform: Platform) -> float:
    """SSIMULACRA2 of the whole written photo against the original, both at the size at which ``platform`` shows them."""
    zoom = HANDLINGS[platform].zoom((original.shape[1], original.shape[0]))
    before, after = (linear_from_srgb(canvas_of(pixels, zoom).picture) for pixels in (original, written))
    with torch.no_grad():
        return float(Ssimulacra2(before).score(after))


def parts(
    original: Pixels, written: Pixels, faces: Sequence[Box], platform: Platform, side: int = _SIDE
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The same part (1, 3, h, w) in 0..1 of the original at posted size, of the original as posted, of the written as posted."""
    handling = HANDLINGS[platform]
    zoom = handling.zoom((original.shape[1], original.shape[0]))
    whole = (
        canvas_of(original, zoom).picture,
        as_picture(posted(original, handling)),
        as_picture(posted(written, handling)),
    )
    height, width = (min(one.shape[axis] for one in whole) for axis in (2, 3))
    down, right = _middle(faces, zoom, (height, width))
    rows, columns = _stretch(height, down, side), _stretch(width, right, side)
    first, second, third = (picture[:, :, rows, columns] for picture in whole)
    return first, second, third


def compared(
    encoder: LatentEncoder,
    decoder: LatentDecoder | None,
    clean: torch.Tensor,
    plain: torch.Tensor,
    seen: torch.Tensor,
) -> dict[str, float]:
    """The figures of :func:`measured` for one encoder; ``plain``: the clean picture passed on, ``seen``: the written one."""
    with torch.no_grad():
        own, usual, new = (encoder.encode(picture) for picture in (clean, plain, seen))
        figures = {"shift": _shift(new, own), "shift_unprotected": _shift(usual, own)}
        if decoder is not None:
            figures["decode_psnr"] = _psnr(shown(decoder, new), shown(decoder, own))
    return {name: round(value, 4) for name, value in figures.items()}


def shown(decoder: LatentDecoder, latent: torch.Tensor) -> torch.Tensor:
    """The picture (1, 3, h, w) in 0..1 that an editor would see."""
    return decoder.decode(latent).clamp(0, 1)


def as_editors_see(
    original: Pixels, written: Pixels, faces: Sequence[Box], latents: Latents, platform: Platform
) -> Mapping[str, tuple[Pixels, Pixels]]:
    """Family -> the part of :func:`measured`, decoded from the latents of the original and of the written photo."""
    clean, _, seen = parts(original, written, faces, platform)
    pairs = {}
    for encoder in latents.taking_part:
        if (decoder := latents.decoders.get(encoder.family)) is not None:
            with torch.no_grad():
                before, after = (shown(decoder, encoder.encode(picture)) for picture in (clean, seen))
            pairs[encoder.family] = (_pixels(before), _pixels(after))
    return pairs


def _middle(faces: Sequence[Box], zoom: float, size: tuple[int, int]) -> tuple[float, float]:
    """(down, right) of the middle of the part: half a face below the largest one, where the body begins."""
    if not faces:
        return size[0] / 2, size[1] / 2
    box = max(faces, key=lambda box: box.width * box.height)
    return (box.y + 1.2 * box.height) * zoom, (box.x + box.width / 2) * zoom


def _stretch(length: int, middle: float, side: int) -> slice:
    wanted = max(_GRAIN, min(side, length) // _GRAIN * _GRAIN)
    start = int(min(max(0.0, middle - wanted / 2), max(0, length - wanted))) // _GRAIN * _GRAIN
    return slice(start, start + wanted)


def _shift(one: torch.Tensor, own: torch.Tensor) -> float:
    return float(torch.linalg.vector_norm(one - own) / torch.linalg.vector_norm(own).clamp_min(1e-6))


def _psnr(one: torch.Tensor, other: torch.Tensor) -> float:
    return min(99.0, -10 * float(torch.log10((one - other).square().mean().clamp_min(1e-10))))


def _pixels(picture: torch.Tensor) -> Pixels:
    return (picture[0].permute(1, 2, 0) * 255 + 0.5).to(torch.uint8).numpy()
