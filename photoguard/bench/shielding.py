"""Measures the shield against editors: what their encoders make of it, beside PhotoGuard's attack at equal visibility."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from photoguard.bench.editor_attack import encoder_attack
from photoguard.cloak import PRESETS
from photoguard.domain import Box, Encoding, FaceChoice, ImageFormat, Photo, Platform, Strength
from photoguard.faces import Detector, find_faces
from photoguard.latents import Latents
from photoguard.pixels import decode, reduced
from photoguard.proof.editors import compared, parts, whole_ssimulacra2
from photoguard.shield import shield
from photoguard.shield.canvas import as_picture, laid_on

Pixels = npt.NDArray[np.uint8]

UNPROTECTED, OURS, BASELINE = "unprotected", "photoguard", "PhotoGuard's encoder attack"
FACE_SIDE = 192
"""Longest side in pixels of the part around the largest face."""
_GRAIN = 32
"""Sides are cut to multiples of this: whole latents of every encoder."""
_CLOSE = 0.004
"""How near to the greatest scale is near enough."""
_CODING = Encoding(ImageFormat.PNG)
"""Both are compared as pixels; a platform codes them."""


@dataclass(frozen=True)
class Terms:
    """What is compared, and how much of it."""

    strengths: tuple[Strength, ...] = (Strength.STANDARD,)
    platforms: tuple[Platform, ...] = (Platform.ANY,)
    epsilons: tuple[float, ...] = ()
    """Largest changes allowed to the attack, in 0..1; none: it is not measured."""
    steps: int = 200
    """Of the attack."""
    side: int = 640
    """Photos are reduced to this longer side in pixels first."""
    seed: int = 0


@dataclass(frozen=True)
class Row:
    """One photo, one method, one budget, one platform."""

    photo: str
    method: str
    strength: Strength | None
    platform: Platform
    ssimulacra2: float | None
    """Of the whole photo before it is posted; equal for every method of one photo and strength."""
    scale: float
    """By which the method's change was weakened to get there; the attack's can only be weakened."""
    seconds: float
    """Of processor time, in working it out."""
    whole: Mapping[str, Mapping[str, float]]
    """Encoder -> ``shift``, ``shift_unprotected``, ``decode_psnr``: of the whole photo after posting."""
    face: Mapping[str, Mapping[str, float]]
    """The same of the part around the largest face and what is below it."""


def measure(
    photo: Path, name: str, terms: Terms, detector: Detector, latents: Latents, check: Callable[[], None] = lambda: None
) -> Iterator[Row]:
    """All rows of one photo. ``check`` is called often and may raise ``Cancelled``; raises ``Refused`` for a bad photo."""
    original = _prepared(photo, terms.side)
    faces = find_faces(original, FaceChoice.ALL, detector, check)
    boxes = [face.box for face in faces]
    look = _Look(original.pixels, boxes, latents, terms.platforms, name)
    yield from look.rows(UNPROTECTED, None, original.pixels, None, 1.0, 0.0)
    ours: dict[Strength, float] = {}
    for strength in terms.strengths:
        started = time.process_time()
        least = PRESETS[strength].budget.least_ssimulacra2
        made = shield(
            original,
            original.pixels,
            faces,
            latents,
            least,
            encoding=_CODING,
            seed=terms.seed,
            listener=lambda _progress: check(),
        )
        seconds = time.process_time() - started
        ours[strength] = whole_ssimulacra2(original.pixels, made.pixels, Platform.ANY)
        yield from look.rows(OURS, strength, made.pixels, ours[strength], made.strength, seconds)
    picture = as_picture(original.pixels)
    for epsilon in terms.epsilons:
        started = time.process_time()
        attack = encoder_attack(picture, latents.taking_part[0], epsilon, terms.steps, terms.seed, check)
        seconds = time.process_time() - started
        for strength, wanted in ours.items():
            scale, pixels = at_visibility(original.pixels, attack[0].numpy(), wanted)
            seen = whole_ssimulacra2(original.pixels, pixels, Platform.ANY)
            method = f"{BASELINE}, {round(255 * epsilon)}/255"
            yield from look.rows(method, strength, pixels, seen, scale, seconds)


def at_visibility(pixels: Pixels, change: npt.NDArray[np.float32], least: float) -> tuple[float, Pixels]:
    """The greatest scale up to 1 at which ``pixels`` with ``change`` (c, h, w) keep SSIMULACRA2 ``least``, and that picture."""

    def holds(scale: float) -> bool:
        return whole_ssimulacra2(pixels, laid_on(pixels, change, scale), Platform.ANY) >= least

    low, high = (1.0, 1.0) if holds(1.0) else (0.0, 1.0)
    while high - low > _CLOSE:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, laid_on(pixels, change, low)


@dataclass(frozen=True)
class _Look:
    """Looks at one photo's versions through all encoders."""

    original: Pixels
    boxes: Sequence[Box]
    latents: Latents
    platforms: Sequence[Platform]
    photo: str

    def rows(
        self,
        method: str,
        strength: Strength | None,
        pixels: Pixels,
        ssimulacra2: float | None,
        scale: float,
        seconds: float,
    ) -> Iterator[Row]:
        for platform in self.platforms:
            whole, face = (self._seen(pixels, platform, side) for side in (max(self.original.shape), FACE_SIDE))
            score = None if ssimulacra2 is None else round(ssimulacra2, 2)
            yield Row(self.photo, method, strength, platform, score, round(scale, 3), round(seconds, 1), whole, face)

    def _seen(self, pixels: Pixels, platform: Platform, side: int) -> dict[str, dict[str, float]]:
        clean, plain, seen = parts(self.original, pixels, self.boxes, platform, side)
        with torch.no_grad():
            return {
                one.name: compared(one, self.latents.decoders.get(one.family), clean, plain, seen)
                for one in self.latents.encoders
            }


def _prepared(path: Path, side: int) -> Photo:
    """The photo in colour, at most ``side`` long, cut to whole latents."""
    photo = decode(path.read_bytes(), first_frame=True)
    photo = reduced(photo, min(1.0, side / max(photo.size)))
    pixels = np.repeat(photo.pixels[:, :, None], 3, 2) if photo.is_grey else photo.pixels
    height, width = (length // _GRAIN * _GRAIN for length in pixels.shape[:2])
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    part = np.ascontiguousarray(pixels[top : top + height, left : left + width])
    return replace(photo, pixels=part, alpha=None)
