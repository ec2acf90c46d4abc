"""How much of the person the encoders still see, as a quantity to push down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from photoguard.cloak.views import View
from photoguard.domain import Face
from photoguard.encoders.chips import cut
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.faces import alignment


class Likeness:
    """Compares views of a cloaked face with the same face uncloaked."""

    def __init__(self, encoders: Sequence[IdentityEncoder], clean: torch.Tensor, face: Face) -> None:
        """``clean``: the picture (1, 3, n, n) in 0..1 before any change, ``face`` in its pixels."""
        self._encoders = tuple(encoders)
        with torch.no_grad():
            self._own = [embedding(encoder, clean, face) for encoder in encoders]

    def of(self, view: View, chosen: Sequence[int], jitter_px: float, chance: np.random.Generator) -> torch.Tensor:
        """Mean likeness over the ``chosen`` encoders: 1 the same photo, about 0 a stranger; differentiable."""
        total = torch.zeros(())
        for index in chosen:
            encoder = self._encoders[index]
            seen = embedding(encoder, view.picture, view.face, jitter_px, chance)
            cosine = (seen * self._own[index]).sum()
            # encoders differ in how alike strangers look to them; without this dlib would hardly count
            total = total + (cosine - encoder.strangers) / (1 - encoder.strangers)
        return total / len(chosen)


def embedding(
    encoder: IdentityEncoder,
    picture: torch.Tensor,
    face: Face,
    jitter_px: float = 0.0,
    chance: np.random.Generator | None = None,
) -> torch.Tensor:
    """Unit vectors (n, d) of the aligned face in ``picture``; the template's points may jitter."""
    matrix = alignment.fit(face, encoder.chip.template)
    if chance is not None and jitter_px > 0:
        matrix = _jittered(matrix, encoder.chip.size, jitter_px, chance)
    return encoder.embed(cut(picture, matrix, encoder.chip.size))


def _jittered(
    matrix: npt.NDArray[np.float64], size: int, jitter_px: float, chance: np.random.Generator
) -> npt.NDArray[np.float64]:
    """``matrix`` as it would come out if each of five landmarks lay ``jitter_px`` off in a random direction."""
    # the least-squares similarity over five points, about a quarter of the chip from its centre, averages the errors
    shift = chance.normal(0, jitter_px / 5**0.5, 2)
    turn, growth = chance.normal(0, jitter_px / (5**0.5 * size / 4), 2)
    return alignment.misplaced(matrix, size, shift, turn, growth)
