"""What surrogates see of a face in a picture, differentiable; the part that all published methods share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from photoguard.domain import Face
from photoguard.encoders.chips import cut
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.faces import alignment


class Surrogates:
    """Compares a changed face with the same face unchanged, and with a decoy."""

    def __init__(
        self,
        encoders: Sequence[IdentityEncoder],
        clean: torch.Tensor,
        face: Face,
        decoy: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        """``clean``: the picture (1, 3, n, n) in 0..1 before any change, ``face`` in its pixels."""
        self._encoders = tuple(encoders)
        with torch.no_grad():
            self._own = [self._embedding(one, clean, face) for one in encoders]
        decoys = decoy or {}
        self._decoys = [
            torch.tensor(decoys[one.name], dtype=torch.float32) if one.name in decoys else None for one in encoders
        ]

    def own(self, picture: torch.Tensor, face: Face, jitter: np.random.Generator | None = None) -> torch.Tensor:
        """Cosines (encoders,) to the face before any change, strangers at 0 for every encoder."""
        return torch.stack([cosine for cosine, _ in self.both(picture, face, jitter)])

    def both(
        self, picture: torch.Tensor, face: Face, jitter: np.random.Generator | None = None
    ) -> list[tuple[torch.Tensor, torch.Tensor | None]]:
        """For each encoder the cosine to the own face and to the decoy."""
        pairs = []
        for one, own, decoy in zip(self._encoders, self._own, self._decoys, strict=True):
            seen = self._embedding(one, picture, face, jitter)
            pairs.append((_even(one, seen @ own.T), None if decoy is None else _even(one, seen @ decoy)))
        return pairs

    @staticmethod
    def _embedding(
        encoder: IdentityEncoder, picture: torch.Tensor, face: Face, jitter: np.random.Generator | None = None
    ) -> torch.Tensor:
        points = face.landmarks
        matrix = alignment.fit(face, encoder.chip.template)
        if jitter is not None:
            # two pixels of the template, in the picture's pixels
            spread = 2 / np.hypot(matrix[0, 0], matrix[0, 1])
            moved = np.asarray(points) + jitter.normal(0, spread, (len(points), 2))
            shaken = Face(face.box, tuple((float(x), float(y)) for x, y in moved), face.landmark_kind, 1.0, "")
            matrix = alignment.fit(shaken, encoder.chip.template)
        return encoder.embed(cut(picture, matrix, encoder.chip.size))


def _even(encoder: IdentityEncoder, cosine: torch.Tensor) -> torch.Tensor:
    return ((cosine - encoder.strangers) / (1 - encoder.strangers)).squeeze()
