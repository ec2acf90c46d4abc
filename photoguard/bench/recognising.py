"""What recognisers make of a face in a picture, as it is and as a platform shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch

from photoguard.cloak.likeness import embedding
from photoguard.domain import Face
from photoguard.encoders.protocol import IdentityEncoder

Pixels = npt.NDArray[np.uint8]
Vectors = Mapping[str, tuple[float, ...]]
"""Recogniser -> unit vector."""


def vectors(pixels: Pixels, face: Face, recognisers: Sequence[IdentityEncoder]) -> dict[str, tuple[float, ...]]:
    """What each recogniser sees of ``face``, whose landmarks are in pixels of ``pixels``."""
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).float() / 255
    picture = picture[None, None].expand(1, 3, -1, -1) if picture.ndim == 2 else picture.permute(2, 0, 1)[None]
    with torch.no_grad():
        return {
            one.name: tuple(round(float(x), 6) for x in embedding(one, picture, face)[0].double())
            for one in recognisers
        }
