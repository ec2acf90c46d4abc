"""How much of the person the encoders still see, as a quantity to push down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from photoguard.cloak.persona import direction
from photoguard.cloak.views import View
from photoguard.domain import Face, Part
from photoguard.encoders.chips import cut
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.faces import alignment

_PERSON = 1.0
"""What likeness to the person over several photos counts, beside 1 for likeness to this photo."""
_PULL = 0.15
"""What likeness to the persona counts."""
_MIRRORED = 0.5
"""Share of looks at the mirror image: what still works there works on other photos and with other recognisers (own .733 to .723
on twelve large faces, .384 to .376 on ten middling ones, .177 to .168 on sixteen small ones)."""


class Likeness:
    """Compares views of a cloaked face with the same face uncloaked, and with whom it is to be taken for."""

    def __init__(
        self, encoders: Sequence[IdentityEncoder], clean: torch.Tensor, face: Face, part: Part | None = None
    ) -> None:
        """``clean``: the picture (1, 3, n, n) in 0..1 before any change, ``face`` in its pixels."""
        self._encoders = tuple(encoders)
        with torch.no_grad():
            own = [embedding(encoder, clean, face) for encoder in encoders]
        self._away = own if part is None else [_away(*one, part) for one in zip(own, encoders, strict=True)]

    def of(self, view: View, chosen: Sequence[int], jitter_px: float, chance: np.random.Generator) -> torch.Tensor:
        """Mean likeness over the ``chosen`` encoders: 1 the same photo, about 0 a stranger, less what is like the persona;
        differentiable.
        """
        total = torch.zeros(())
        for index in chosen:
            encoder = self._encoders[index]
            seen = embedding(encoder, view.picture, view.face, jitter_px, chance)
            cosine = (seen * self._away[index]).sum()
            # encoders differ in how alike strangers look to them; without this dlib would hardly count
            total = total + (cosine - encoder.strangers) / (1 - encoder.strangers)
        return total / len(chosen)


def _away(own: torch.Tensor, encoder: IdentityEncoder, part: Part) -> torch.Tensor:
    """(1, d): what to move away from, so that photos of one person all move in one direction (docs/decisions.md)."""
    away = own
    if encoder.name in part.person:
        away = F.normalize(own + _PERSON * own.new_tensor(part.person[encoder.name]), dim=1)
    return away - _PULL * direction(part.persona, encoder, own)


def embedding(
    encoder: IdentityEncoder,
    picture: torch.Tensor,
    face: Face,
    jitter_px: float = 0.0,
    chance: np.random.Generator | None = None,
) -> torch.Tensor:
    """Unit vectors (n, d) of the aligned face in ``picture``; with ``chance`` the template's points jitter, and it may be mirrored."""
    matrix = alignment.fit(face, encoder.chip.template)
    if chance is None:
        return encoder.embed(cut(picture, matrix, encoder.chip.size))
    chip = cut(picture, _jittered(matrix, encoder.chip.size, jitter_px, chance), encoder.chip.size)
    return encoder.embed(chip.flip(3) if chance.random() < _MIRRORED else chip)


def _jittered(
    matrix: npt.NDArray[np.float64], size: int, jitter_px: float, chance: np.random.Generator
) -> npt.NDArray[np.float64]:
    """``matrix`` as it would come out if each of five landmarks lay ``jitter_px`` off in a random direction."""
    # the least-squares similarity over five points, about a quarter of the chip from its centre, averages the errors
    shift = chance.normal(0, jitter_px / 5**0.5, 2)
    turn, growth = chance.normal(0, jitter_px / (5**0.5 * size / 4), 2)
    return alignment.misplaced(matrix, size, shift, turn, growth)
