"""Cleans an animation whose container cannot be rewritten safely, by decoding and encoding every frame."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from photoguard.domain import Encoding, ImageFormat, Photo, Subsampling
from photoguard.errors import ProblemCode, Refused
from photoguard.pixels.coding import encoding_of
from photoguard.pixels.colour import Coloured, to_srgb
from photoguard.pixels.opening import DEFAULT_LIMIT_MEGAPIXELS, decoder_errors, known_format, open_photo
from photoguard.pixels.orientation import orientation_of, upright
from photoguard.pixels.reencoding import Reencoded

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.ImageFile import ImageFile

_MOST_FRAMES = 2000
_DEFAULT_MS = 100
_WEBP = Encoding(ImageFormat.WEBP, subsampling=Subsampling.S420, quality=90)
_APNG = Encoding(ImageFormat.PNG, subsampling=Subsampling.S444, is_lossless=True)


def reencode_moving(data: bytes, *, limit_megapixels: float = DEFAULT_LIMIT_MEGAPIXELS) -> Reencoded:
    """Decode all frames of an animation and write them afresh, upright, in sRGB, with their timing.

    PNG and GIF become APNG, which keeps their 8-bit pixels; AVIF and WebP become WebP. ``limit_megapixels``
    bounds all frames together. Raises ``Refused``: TOO_LARGE, TRUNCATED, MALFORMED and what
    :func:`photoguard.pixels.decode` raises besides.
    """
    kind = known_format(data)
    with decoder_errors(data, kind, "header"):
        image = open_photo(data, kind, limit_megapixels=limit_megapixels, first_frame=True)
        count = int(getattr(image, "n_frames", 1))
        width, height = image.size
        if count > _MOST_FRAMES or count * width * height > limit_megapixels * 1e6:
            raise Refused(
                ProblemCode.TOO_LARGE, width=width, height=count * height, limit_megapixels=int(limit_megapixels)
            )
    with decoder_errors(data, kind, "pixels"):
        frames, durations, notes = _frames(image, count)
        coded = encoding_of(data, kind, image, is_turned=False)
    out = BytesIO()
    first, rest = frames[0], frames[1:]
    loop = int(image.info.get("loop", 0))
    if kind in {ImageFormat.PNG, ImageFormat.GIF}:
        encoding = _APNG
        first.save(out, "PNG", save_all=True, append_images=rest, duration=durations, loop=loop)
    else:
        encoding = coded if kind is ImageFormat.WEBP else _WEBP
        first.save(
            out, "WEBP", save_all=True, append_images=rest, duration=durations, loop=loop, method=4,
            lossless=encoding.is_lossless, quality=75 if encoding.is_lossless else encoding.quality,
        )  # fmt: skip
    picture = Photo(*_arrays(first), encoding, notes)
    return Reencoded(out.getvalue(), encoding, picture, notes)


def _frames(image: ImageFile, count: int) -> tuple[list[Image.Image], list[int], tuple[str, ...]]:
    """All frames as shown, each a new image without ``info``, and how long each is shown in milliseconds."""
    frames: list[Image.Image] = []
    durations: list[int] = []
    notes: dict[str, None] = {}
    profile = image.info.get("icc_profile")
    for number in range(count):
        image.seek(number)
        image.load()
        coloured = to_srgb(upright(image, orientation_of(image)), profile)
        notes.update(dict.fromkeys(coloured.notes))
        frames.append(_plain(coloured))
        durations.append(round(image.info.get("duration") or _DEFAULT_MS))
    return frames, durations, tuple(notes)


def _plain(coloured: Coloured) -> Image.Image:
    """A new image with nothing under its transparent parts."""
    pixels = np.array(coloured.colour.convert("RGB"))
    if coloured.alpha is None:
        return Image.fromarray(pixels)
    alpha = np.asarray(coloured.alpha)
    pixels[alpha == 0] = 0
    return Image.fromarray(np.dstack([pixels, alpha]))


def _arrays(image: Image.Image) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8] | None]:
    pixels = np.asarray(image)
    return pixels[:, :, :3], pixels[:, :, 3] if pixels.shape[2] == 4 else None
