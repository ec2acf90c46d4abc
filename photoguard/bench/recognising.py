"""What recognisers make of a face in a picture, as it is and as a platform shows it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from photoguard.cloak.likeness import embedding
from photoguard.domain import Face
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.platforms import Handling

Pixels = npt.NDArray[np.uint8]
Vectors = Mapping[str, tuple[float, ...]]
"""Recogniser -> unit vector."""


def posted(pixels: Pixels, handling: Handling) -> Pixels:
    """``pixels`` as the platform shows them: reduced with Lanczos, then a JPEG with 4:2:0 chroma."""
    image = Image.fromarray(pixels)
    zoom = handling.zoom(image.size)
    if zoom < 1:
        size = max(1, round(image.width * zoom)), max(1, round(image.height * zoom))
        image = image.resize(size, Image.Resampling.LANCZOS)
    coded = io.BytesIO()
    image.convert("RGB").save(coded, "JPEG", quality=handling.quality, subsampling=2)
    return np.array(Image.open(coded))


def vectors(pixels: Pixels, face: Face, recognisers: Sequence[IdentityEncoder]) -> dict[str, tuple[float, ...]]:
    """What each recogniser sees of ``face``, whose landmarks are in pixels of ``pixels``."""
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).float() / 255
    picture = picture[None, None].expand(1, 3, -1, -1) if picture.ndim == 2 else picture.permute(2, 0, 1)[None]
    with torch.no_grad():
        return {
            one.name: tuple(round(float(x), 6) for x in embedding(one, picture, face)[0].double())
            for one in recognisers
        }


def carried_over(face: Face, before: tuple[int, int], after: tuple[int, int]) -> Face:
    """``face`` in a copy of its photo of another size; both sizes are (width, height).

    Landmarks are found once, on the clean photo, and used for every copy of it: so a figure tells what the change did
    to the recogniser, not what it did to a detector.
    """
    across, down = after[0] / before[0], after[1] / before[1]
    points = tuple(((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5) for x, y in face.landmarks)
    box = face.box
    box = replace(box, x=box.x * across, y=box.y * down, width=box.width * across, height=box.height * down)
    return replace(face, landmarks=points, box=box)
