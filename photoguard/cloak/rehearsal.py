"""Holds the perceptual budget on the pixels as they will be written, not as they were worked out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photoguard.cloak.layer import Layer
from photoguard.cloak.presets import Budget
from photoguard.cloak.region import Region, display_crop
from photoguard.cloak.visibility import Judge, Visibility
from photoguard.domain import Encoding, Photo
from photoguard.pixels import decode, encode, mcu_size

_TRIES = 5
_WEAKER, _WEAKEST = 0.96, 0.1
_HEADROOM, _HEADROOM_IN_POINTS = 0.992, 0.1
"""Aim a little inside the budget, of butteraugli and SSIMULACRA2: other decoders round differently."""
_NEAR_ENOUGH = 0.985
"""Share of the strength that seems possible at which another try is not worth its time."""

Pixels = npt.NDArray[np.uint8]


class Rehearsal:
    """Shows how a cloak will look on the written file, by coding only the face's surroundings.

    The surroundings are cut along the code blocks of the format, which gives the same pixels as coding the whole
    photo (JPEG) or nearly so (WebP).
    """

    def __init__(self, original: Pixels, base: Pixels, region: Region, encoding: Encoding) -> None:
        """``original``: the photo before any change; ``base``: with the cloaks of earlier faces."""
        part, (left, top) = _window(original, region, mcu_size(encoding))
        self.region = region.moved(-left, -top)
        self.base = base[part]
        self._encoding = encoding
        self._judge = Judge(display_crop(original[part], self.region.face.box))

    def unchanged(self) -> float:
        """SSIMULACRA2 of coding alone."""
        return self.standing().ssimulacra2

    def standing(self) -> Visibility:
        """Visibility of what was changed before, after coding and decoding."""
        return self._written(self.base)

    def seen(self, layer: Layer, strength: float = 1.0) -> Visibility:
        """Visibility of ``layer`` (on this rehearsal's ``region``) at ``strength``, after coding and decoding."""
        return self._written(layer.added_to(self.base, strength))

    def _written(self, pixels: Pixels) -> Visibility:
        written = decode(encode(Photo(pixels, None, self._encoding), self._encoding)).pixels
        return self._judge.visibility(display_crop(written, self.region.face.box))

    def settled(self, layer: Layer, budget: Budget) -> float:
        """The greatest strength (at most 1.15) found at which ``budget`` holds; 0 where none does."""
        strength, best = 1.0, 0.0
        for _ in range(_TRIES):
            seen = self.seen(layer, strength)
            if budget.holds(seen.ssimulacra2, seen.butteraugli):
                best = max(best, strength)
            wanted = min(1.15, strength * _factor(seen, budget))
            if best >= _NEAR_ENOUGH * wanted:
                break
            strength = wanted
        while not best and strength > _WEAKEST:
            # what is seen shrinks more slowly than supposed; a weaker cloak is better than none
            strength *= _WEAKER
            seen = self.seen(layer, strength)
            best = strength if budget.holds(seen.ssimulacra2, seen.butteraugli) else 0.0
        return best


def _factor(seen: Visibility, budget: Budget) -> float:
    """By what to scale a layer: butteraugli grows in proportion to it, SSIMULACRA2's loss a little slower."""
    by_distance = _HEADROOM * budget.most_butteraugli / max(seen.butteraugli, 1e-3)
    by_score = (100 - budget.least_ssimulacra2 - _HEADROOM_IN_POINTS) / max(100 - seen.ssimulacra2, 1e-3)
    return float(min(by_distance, by_score**1.1))


def _window(pixels: Pixels, region: Region, block: int) -> tuple[tuple[slice, slice], tuple[int, int]]:
    """The part of the photo around the region, cut along code blocks, and its (left, top) corner."""
    height, width = pixels.shape[:2]
    left, top = (max(0, edge) // block * block for edge in (region.left, region.top))
    right = min(width, -(-(region.left + region.side) // block) * block)
    bottom = min(height, -(-(region.top + region.side) // block) * block)
    return (slice(top, bottom), slice(left, right)), (left, top)
