"""How a face is looked at while a cloak is worked out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from stand_ins import face_at

from photoguard.cloak.likeness import embedding
from photoguard.cloak.region import around
from photoguard.encoders.protocol import ChipInput


@dataclass(frozen=True)
class Halves:
    """Sees how bright the left and the right half of a face are."""

    name: str = "halves"
    chip: ChipInput = ChipInput("arcface112", 112)  # noqa: RUF009  # frozen
    strangers: float = 0.0

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        return torch.stack([chips[..., :56].mean(), chips[..., 56:].mean()])[None]


def test_the_face_is_seen_as_it_is_and_while_a_cloak_is_worked_out_its_mirror_image_as_often() -> None:
    region = around(face_at(40, 40, 150))
    picture = torch.where(torch.arange(region.grid) < region.grid / 2, 0.2, 0.8).expand(1, 3, region.grid, -1)
    face, chance = region.face_on_grid(), np.random.default_rng(3)
    left, right = embedding(Halves(), picture, face)[0]
    assert left + 0.4 < right
    looks = torch.cat([embedding(Halves(), picture, face, 1.5, chance) for _ in range(60)])
    mirrored = looks[:, 0] > looks[:, 1]
    assert 20 < mirrored.sum() < 40
    assert (looks[mirrored].flip(1) - looks[~mirrored].mean(0)).abs().max() < 0.15
