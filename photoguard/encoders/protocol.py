"""What every identity encoder offers, whatever file its weights came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class ChipInput:
    """How an encoder wants its aligned face chip."""

    template: str
    """Name of an alignment template of :mod:`photoguard.faces.alignment`."""
    size: int
    """Side of the square chip in pixels."""


class IdentityEncoder(Protocol):
    """Maps aligned face chips to points on the unit sphere; near points are one person."""

    @property
    def name(self) -> str: ...

    @property
    def chip(self) -> ChipInput: ...

    @property
    def strangers(self) -> float:
        """Usual cosine between photos of different people: 0 for most networks, far more for dlib's."""
        ...

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, d) of RGB chips (n, 3, size, size) in 0..1; differentiable in the chips."""
        ...
