"""Opens untrusted bytes with one decoder only, within a size limit, and names what goes wrong."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from photoguard import containers
from photoguard.domain import ImageFormat
from photoguard.errors import Failed, PhotoguardError, ProblemCode, Refused
from photoguard.pixels.stated_size import stated_size

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

DEFAULT_LIMIT_MEGAPIXELS = 220
"""Just above the 200-megapixel sensors of phones (16,320 x 12,240)."""

_PLUGINS: dict[ImageFormat, tuple[str, str]] = {
    ImageFormat.JPEG: ("PIL.JpegImagePlugin", "JpegImageFile"),
    ImageFormat.PNG: ("PIL.PngImagePlugin", "PngImageFile"),
    ImageFormat.WEBP: ("PIL.WebPImagePlugin", "WebPImageFile"),
    ImageFormat.GIF: ("PIL.GifImagePlugin", "GifImageFile"),
    ImageFormat.TIFF: ("PIL.TiffImagePlugin", "TiffImageFile"),
    ImageFormat.BMP: ("PIL.BmpImagePlugin", "BmpImageFile"),
    ImageFormat.AVIF: ("PIL.AvifImagePlugin", "AvifImageFile"),
    ImageFormat.JP2: ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    ImageFormat.HEIC: ("pi_heif", "HeifImageFile"),
    ImageFormat.JXL: ("pillow_jxl.JpegXLImagePlugin", "JXLImageFile"),
}
_EXTRAS = {ImageFormat.HEIC: "heic", ImageFormat.JXL: "jxl"}
"""Formats whose decoder is an optional part."""
# A HEIC with several pictures is a burst or a stereo pair around a primary one, not an animation.
_MAY_MOVE = frozenset({ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.GIF, ImageFormat.AVIF})

# A JPEG's coded block of 8 x 8 takes a bit at least. libjpeg pads what is missing with grey and calls
# it a picture; below this size that costs little and old test files rely on it.
_PADDING_ALLOWED_PIXELS = 16_000_000
_PIXELS_PER_BYTE = 8 * 64

_SMALLEST_BOX = 8


def known_format(data: bytes) -> ImageFormat:
    """Tell the format of a file by its first bytes.

    Raises ``Refused`` with EMPTY_FILE or NOT_A_PHOTO.
    """
    if not data:
        raise Refused(ProblemCode.EMPTY_FILE)
    found: ImageFormat | None = containers.sniff(data)
    if found is None:
        raise Refused(ProblemCode.NOT_A_PHOTO)
    return found


def open_photo(data: bytes, kind: ImageFormat, *, limit_megapixels: float, first_frame: bool) -> ImageFile:
    """Read a photo's header with the decoder of ``kind`` alone; no pixel is decoded yet.

    Raises ``Refused``: TOO_LARGE, ANIMATED (unless ``first_frame``), TRUNCATED, MALFORMED,
    UNSUPPORTED_FORMAT, NEEDS_EXTRA.
    """
    stated = stated_size(data, kind)
    if kind is ImageFormat.JXL and stated is None:
        # Its decoder decodes everything at once: without a size nothing bounds it.
        raise Refused(ProblemCode.MALFORMED, place="header")
    _check_size(stated, limit_megapixels)
    plugin = _plugin(kind)
    # The plugin's class is called directly: Image.open would try other decoders (MPO, camera raw
    # stubs) and would warn or refuse by a process-wide limit instead of ours.
    image: ImageFile = plugin(BytesIO(data))
    _check_size(image.size, limit_megapixels)
    if kind is ImageFormat.JPEG and _holds_too_little(len(data), image.size):
        raise Refused(ProblemCode.TRUNCATED)
    if kind in _MAY_MOVE and not first_frame and getattr(image, "is_animated", False):
        raise Refused(ProblemCode.ANIMATED, frames=int(getattr(image, "n_frames", 2)))
    return image


@contextmanager
def decoder_errors(data: bytes, kind: ImageFormat, place: str) -> Iterator[None]:
    """Turn whatever a decoder raises on bad bytes into one named refusal; silence its warnings.

    ``place`` is the fact of MALFORMED: ``header`` or ``pixels``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PhotoguardError:
        raise
    except MemoryError:
        raise Failed(ProblemCode.OUT_OF_MEMORY) from None
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(error) from None
    except Exception as error:  # noqa: BLE001 - decoders raise anything from IndexError to SyntaxError
        if _is_cut_off(data, kind, error):
            raise Refused(ProblemCode.TRUNCATED) from None
        raise Refused(ProblemCode.MALFORMED, place=place) from None


def _plugin(kind: ImageFormat) -> type[ImageFile]:
    if kind not in _PLUGINS:
        raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format=kind.value)
    module, name = _PLUGINS[kind]
    try:
        plugin: type[ImageFile] = getattr(importlib.import_module(module), name)
    except ImportError:
        if kind in _EXTRAS:
            raise Refused(ProblemCode.NEEDS_EXTRA, format=kind.value, extra=_EXTRAS[kind]) from None
        raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format=kind.value) from None
    return plugin


def _check_size(size: tuple[int, int] | None, limit_megapixels: float) -> None:
    if size is not None and size[0] * size[1] > limit_megapixels * 1e6:
        raise _too_large(*size, limit_megapixels)


def _too_large(width: int, height: int, limit_megapixels: float) -> Refused:
    return Refused(ProblemCode.TOO_LARGE, width=width, height=height, limit_megapixels=int(limit_megapixels))


def _too_many_pixels(error: Exception) -> Refused:
    """Name the limit of a plugin that has one of its own; its text holds pixel counts only."""
    counts = [int(number) for number in re.findall(r"\d+", str(error))]
    pixels, limit = counts[:2] if len(counts) >= 2 else (0, Image.MAX_IMAGE_PIXELS or 0)
    return _too_large(pixels, 1, limit / 1e6)


def _holds_too_little(size_bytes: int, size: tuple[int, int]) -> bool:
    """Whether a JPEG cannot hold the picture that its header promises."""
    pixels = size[0] * size[1]
    return pixels > _PADDING_ALLOWED_PIXELS and pixels > size_bytes * _PIXELS_PER_BYTE


def _is_cut_off(data: bytes, kind: ImageFormat, error: Exception) -> bool:
    """Whether the end of the file is missing, by the decoder's words or the container's own lengths."""
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        return True
    match kind:
        case ImageFormat.JPEG:
            return b"\xff\xd9" not in data
        case ImageFormat.PNG:
            return b"IEND" not in data
        case ImageFormat.WEBP:
            return len(data) < 12 or int.from_bytes(data[4:8], "little") + 8 > len(data)
        case ImageFormat.HEIC | ImageFormat.AVIF:
            return _last_box_ends_beyond(data)
        case _:
            return False


def _last_box_ends_beyond(data: bytes) -> bool:
    at = 0
    while at + _SMALLEST_BOX <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < _SMALLEST_BOX:
            return False
        at += size
    return at > len(data)
