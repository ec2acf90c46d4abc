"""What a recogniser's cosine means: a scale from a stranger (0) over the usual border (50) to the person's own photos (100)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from photoguard.encoders.protocol import IdentityEncoder
from photoguard.packs.description import BUILT_IN


@dataclass(frozen=True)
class Scale:
    """Cosines of one recogniser between photos of different people and of one person; how they were measured stands in
    calibration.toml.
    """

    strangers: float
    """Median of different people."""
    wide: float
    """What one of a hundred pairs of strangers exceeds: the wide margin."""
    border: float
    """What one of a thousand pairs of strangers exceeds: where recognisers usually draw the line."""
    own: float
    """Median of two photos of one person."""
    is_assumed: bool = False
    """Whether these are cautious numbers for a recogniser nobody has measured."""

    def likeness(self, cosine: float) -> float:
        """0..100, never falling as ``cosine`` grows."""
        return float(np.interp(cosine, [self.strangers, self.wide, self.border, self.own], [0, 25, 50, 100]))


def scale_of(encoder: IdentityEncoder) -> Scale:
    """The scale that was measured for this very file; for any other the most cautious one, number by number."""
    measured, cautious = _measured()
    digest: str = getattr(encoder, "sha256", "")
    key = digest or (encoder.name if encoder.name in BUILT_IN else "")
    return measured.get(key, cautious)


@cache
def _measured() -> tuple[dict[str, Scale], Scale]:
    text = resources.files("photoguard.proof").joinpath("calibration.toml").read_text(encoding="utf-8")
    found = {}
    for table in tomllib.loads(text)["scale"]:
        scale = Scale(table["strangers"], table["far1e-2"], table["far1e-3"], table["own"])
        found[table["sha256"] or table["name"]] = scale
    # dlib's vectors share a large part and are like no other's; a file from elsewhere is of the common kind
    common = [scale for key, scale in found.items() if key not in BUILT_IN]
    cautious = Scale(
        min(scale.strangers for scale in common),
        min(scale.wide for scale in common),
        min(scale.border for scale in common),
        min(scale.own for scale in common),
        is_assumed=True,
    )
    return found, cautious
