"""Does to a photo what platforms do to it, in their order: reduce, then code."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from photoguard.platforms import Handling, Step

Pixels = npt.NDArray[np.uint8]
_FILTERS = {"lanczos": Image.Resampling.LANCZOS, "bilinear": Image.Resampling.BILINEAR}


def posted(pixels: Pixels, handling: Handling) -> Pixels:
    """The whole photo, (h, w, 3) RGB or (h, w) grey, as ``handling`` passes it on: (h', w', 3) RGB."""
    image = Image.fromarray(pixels)
    for step in handling.steps:
        after = step.size_after(image.size)
        if after != image.size:
            image = image.resize(after, _FILTERS[step.filter])
        image = _coded(image.convert("RGB"), step)
    return np.array(image)


def posted_part(pixels: Pixels, handling: Handling, zoom: float) -> Pixels:
    """A part of a photo, cut along code blocks, as its whole would be passed on; ``zoom`` is the whole photo's.

    For ways of one step. Grey stays grey.
    """
    step = handling.steps[0]
    image = Image.fromarray(pixels)
    if zoom < 1:
        size = max(1, round(image.width * zoom)), max(1, round(image.height * zoom))
        image = image.resize(size, _FILTERS[step.filter])
    return np.array(_coded(image, step))


def _coded(image: Image.Image, step: Step) -> Image.Image:
    if step.quality is None:
        return image
    coded = io.BytesIO()
    image.save(coded, "JPEG", quality=step.quality, subsampling=step.subsampling.value, progressive=step.is_progressive)
    return Image.open(coded)
