"""Cuts a face out of a photo the way a tool does that swaps or searches faces; the tools are rows of readers.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from photoguard.domain import Face
from photoguard.encoders.chips import cut
from photoguard.encoders.protocol import ChipInput, IdentityEncoder
from photoguard.faces import alignment

_Matrix = npt.NDArray[np.float64]
_OFFSET_SIDE = 112
_LOOKS = {"plain": (0.0, 0.0, 0.0, 0.0), "mirrored": (0.0, 0.0, 0.0, 0.0), "wider": (0.0, 0.0, 0.0, -0.06)}
_LOOKS |= {"turned": (0.0, 0.0, 3.0, 0.0)}


@dataclass(frozen=True)
class Reader:
    """One way of reading a face; what the fields mean stands in readers.toml."""

    name: str
    tools: str
    detector_side: int
    fit: str
    outside: str
    averages: tuple[str, ...]
    reduces_first: bool = False
    margin: float = 0.0
    offset: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def chips(self, picture: torch.Tensor, face: Face, longer_side: int, chip: ChipInput) -> torch.Tensor:
        """The looks (k, 3, size, size) that this reader takes at ``face`` in ``picture`` (1, 3, h, w) in 0..1.

        ``picture`` may be a part of a photo whose longer side is ``longer_side`` pixels.
        """
        seen = _as_found(face, self.detector_side, longer_side)
        matrix = alignment.fit(seen, chip.template)
        scale = float(np.hypot(*matrix[:, 0]))
        if self.reduces_first and scale < 1:
            size = [max(1, round(side * scale)) for side in picture.shape[2:]]
            across, down = size[1] / picture.shape[3], size[0] / picture.shape[2]
            picture = F.interpolate(picture, size=size, mode="bilinear", antialias=True)
            points = alignment.rescaled(seen.landmarks, across, down)
            matrix = alignment.fit(replace(seen, landmarks=points), chip.template)
        unit = chip.size / _OFFSET_SIDE
        right, down_, turn, growth = self.offset
        base = _moved(matrix, chip.size, right * unit, down_ * unit, turn, growth - self.margin)
        looks = []
        for name in self.averages:
            cut_out = cut(
                picture, _moved(base, chip.size, *_LOOKS[name]), chip.size, is_black_outside=self.outside == "black"
            )
            looks.append(cut_out.flip(3) if name == "mirrored" else cut_out)
        return torch.cat(looks)


@cache
def readers() -> tuple[Reader, ...]:
    """All readers, in the order of the table."""
    text = resources.files("photoguard.proof").joinpath("readers.toml").read_text(encoding="utf-8")
    found = []
    for table in tomllib.loads(text)["reader"]:
        lists = {name: tuple(table[name]) for name in ("averages", "offset") if name in table}
        found.append(Reader(**{**table, **lists}))
    return tuple(found)


def seen_by(
    encoder: IdentityEncoder, how: Sequence[Reader], picture: torch.Tensor, face: Face, longer_side: int
) -> dict[str, torch.Tensor]:
    """Reader -> unit vector (d) of ``face`` in ``picture``, all in one pass of the network."""
    chips = [reader.chips(picture, face, longer_side, encoder.chip) for reader in how]
    with torch.no_grad():
        vectors = encoder.embed(torch.cat(chips))
    parts = torch.split(vectors, [len(one) for one in chips])
    return {reader.name: F.normalize(part.mean(0), dim=0) for reader, part in zip(how, parts, strict=True)}


def _as_found(face: Face, side: int, longer_side: int) -> Face:
    """``face`` with landmarks as fine as a copy with a longer side of ``side`` shows them."""
    grain = max(1.0, longer_side / side) / 2
    if longer_side <= side:
        return face
    points = tuple((round(x / grain) * grain, round(y / grain) * grain) for x, y in face.landmarks)
    return replace(face, landmarks=points)


def _moved(matrix: _Matrix, side: int, right: float, down: float, turn: float, growth: float) -> _Matrix:
    """``matrix`` with the chip's content shifted, turned by degrees and grown about the chip's centre."""
    return alignment.misplaced(matrix, side, (right, down), float(np.deg2rad(turn)), growth)
