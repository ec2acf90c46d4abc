"""From pixels to a file's bytes: nothing but the picture, coded as the source was."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from photoguard.domain import Encoding, ImageFormat, OutputFormat, Photo, Subsampling
from photoguard.errors import Failed, ProblemCode, Refused

if TYPE_CHECKING:
    import numpy.typing as npt

FLATTENED = "flattened_on_white"

# For sources whose own quantisation means nothing to a JPEG or WebP.
_FRESH_JPEG = Encoding(ImageFormat.JPEG, subsampling=Subsampling.S444, quality=92)
_FRESH_WEBP = Encoding(ImageFormat.WEBP, quality=90)
_PNG = Encoding(ImageFormat.PNG, subsampling=Subsampling.S444, is_lossless=True)
_LOSSLESS_WEBP = Encoding(ImageFormat.WEBP, quality=100, is_lossless=True)

_PILLOW_SUBSAMPLING = {Subsampling.S444: 0, Subsampling.S422: 1, Subsampling.S420: 2}
_LARGEST_SIDE = {ImageFormat.JPEG: 65_500, ImageFormat.WEBP: 16_383, ImageFormat.PNG: 2**31 - 1}
# Above this, the best compression of a PNG costs minutes for a few percent.
_PATIENT_PNG_PIXELS = 16_000_000


def encoding_for(photo: Photo, output_format: OutputFormat = OutputFormat.KEEP) -> Encoding:
    """Decide how the copy of a photo is coded.

    ``KEEP`` keeps JPEG, PNG and WebP as they were coded. HEIC and AVIF become JPEG (quality 92, 4:4:4),
    with transparency PNG; TIFF, BMP and GIF become PNG. A wished format takes over what it can of the
    source's coding.
    """
    source = photo.encoding
    match output_format:
        case OutputFormat.JPEG:
            return source if source.format is ImageFormat.JPEG else _FRESH_JPEG
        case OutputFormat.PNG:
            return _PNG
        case OutputFormat.WEBP:
            if source.format is ImageFormat.WEBP:
                return source
            return _LOSSLESS_WEBP if source.is_lossless else _FRESH_WEBP
    if source.format in {ImageFormat.JPEG, ImageFormat.WEBP, ImageFormat.PNG}:
        return source
    return _PNG if source.is_lossless or photo.alpha is not None else _FRESH_JPEG


def suited(photo: Photo, encoding: Encoding) -> Photo:
    """Return the photo as ``encoding`` can hold it: for JPEG flattened on white, with a note."""
    if photo.alpha is None or encoding.format is not ImageFormat.JPEG:
        return photo
    return replace(photo, pixels=_on_white(photo.pixels, photo.alpha), alpha=None, notes=(*photo.notes, FLATTENED))


def encode(photo: Photo, encoding: Encoding) -> bytes:
    """Write the pixels as a fresh file in ``encoding``, with no metadata and no colour profile.

    The same pixels and encoding give the same bytes. Raises ``Failed`` with TOO_LARGE where the
    format cannot hold the size, ``Refused`` with UNSUPPORTED_FORMAT for a format that is not written.
    """
    largest = _LARGEST_SIDE.get(encoding.format)
    if largest is None:
        raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format=encoding.format.value)
    width, height = photo.size
    if max(width, height) > largest:
        raise Failed(ProblemCode.TOO_LARGE, width=width, height=height, limit_megapixels=largest**2 // 10**6)
    image = _image(suited(photo, encoding))
    out = BytesIO()
    match encoding.format:
        case ImageFormat.JPEG:
            image.save(out, "JPEG", **_jpeg_options(encoding))
        case ImageFormat.WEBP:
            image.save(out, "WEBP", **_webp_options(encoding))
        case _:
            image.save(out, "PNG", compress_level=6 if width * height <= _PATIENT_PNG_PIXELS else 3)
    return out.getvalue()


def mcu_size(encoding: Encoding) -> int:
    """Side in pixels (8 or 16) of the grid on which coding one block does not touch the next.

    JPEG: the minimum coded unit (for 4:2:2 the square that holds whole units); lossy WebP: the macroblock.
    """
    if encoding.format is ImageFormat.JPEG:
        return 8 if encoding.subsampling is Subsampling.S444 else 16
    return 16 if encoding.format is ImageFormat.WEBP and not encoding.is_lossless else 8


def _image(photo: Photo) -> Image.Image:
    """Make a new image of plain arrays: nothing that came along with the source can leak."""
    colour = Image.fromarray(np.ascontiguousarray(photo.pixels))
    if photo.alpha is None:
        return colour
    colour.putalpha(Image.fromarray(np.ascontiguousarray(photo.alpha)))
    return colour


def _jpeg_options(encoding: Encoding) -> dict[str, object]:
    options: dict[str, object] = {
        "subsampling": _PILLOW_SUBSAMPLING[encoding.subsampling],
        "progressive": encoding.is_progressive,
        "optimize": True,
    }
    if encoding.quantisation:
        return options | {"qtables": [list(table) for table in encoding.quantisation]}
    return options | {"quality": encoding.quality}


def _webp_options(encoding: Encoding) -> dict[str, object]:
    if encoding.is_lossless:
        return {"lossless": True, "quality": 75, "method": 4}
    return {"quality": encoding.quality, "method": 4, "alpha_quality": 100}


def _on_white(pixels: npt.NDArray[np.uint8], alpha: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    cover = alpha.astype(np.uint16)
    if pixels.ndim == 3:
        cover = cover[:, :, None]
    return ((pixels * cover + 255 * (255 - cover) + 127) // 255).astype(np.uint8)
