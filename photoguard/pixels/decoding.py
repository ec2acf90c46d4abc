"""From a file's bytes to upright sRGB pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from photoguard.domain import ImageFormat, Photo
from photoguard.pixels.coding import encoding_of
from photoguard.pixels.colour import REDUCED, to_srgb
from photoguard.pixels.opening import DEFAULT_LIMIT_MEGAPIXELS, decoder_errors, known_format, open_photo
from photoguard.pixels.orientation import UPRIGHT, orientation_of, swaps_axes, upright

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.ImageFile import ImageFile

ROTATED = "rotated"
FIRST_FRAME = "first_frame_only"
CLEARED = "cleared_under_transparency"


def decode(data: bytes, *, limit_megapixels: float = DEFAULT_LIMIT_MEGAPIXELS, first_frame: bool = False) -> Photo:
    """Decode the first frame of a photo into upright 8-bit sRGB (or grey) pixels.

    The size is checked before pixels are allocated. Colours under fully transparent pixels are
    set to zero, since a hidden copy of the picture may lie there. With ``first_frame`` an animation
    gives its first frame instead of a refusal.

    Raises ``Refused``: EMPTY_FILE, NOT_A_PHOTO, UNSUPPORTED_FORMAT, NEEDS_EXTRA, TOO_LARGE, ANIMATED,
    TRUNCATED, MALFORMED, UNSUPPORTED_PIXELS; ``Failed``: OUT_OF_MEMORY.
    """
    kind = known_format(data)
    with decoder_errors(data, kind, "header"):
        image = open_photo(data, kind, limit_megapixels=limit_megapixels, first_frame=first_frame)
        is_deep = _is_deep(image)
        # Pillow turns a TIFF itself while loading, and forgets the tag.
        is_turned_by_decoder = kind is ImageFormat.TIFF and orientation_of(image) != UPRIGHT
        is_one_of_many = kind is not ImageFormat.HEIC and getattr(image, "n_frames", 1) > 1
    with decoder_errors(data, kind, "pixels"):
        image.load()
        # After loading: a PNG may carry its Exif behind the pixels.
        orientation = orientation_of(image)
        encoding = encoding_of(data, kind, image, is_turned=swaps_axes(orientation))
        coloured = to_srgb(upright(image, orientation), image.info.get("icc_profile"))
        pixels = np.array(coloured.colour, dtype=np.uint8)
        alpha = None if coloured.alpha is None else np.array(coloured.alpha, dtype=np.uint8)
    had_hidden = alpha is not None and _clear_under(pixels, alpha)

    notes = [
        *((ROTATED,) if is_turned_by_decoder or orientation != UPRIGHT else ()),
        *((FIRST_FRAME,) if is_one_of_many else ()),
        *((REDUCED,) if is_deep and REDUCED not in coloured.notes else ()),
        *coloured.notes,
        *((CLEARED,) if had_hidden else ()),
    ]
    return Photo(pixels, alpha, encoding, tuple(notes))


def _is_deep(image: ImageFile) -> bool:
    """Whether Pillow will reduce more than 8 bits per sample while it unpacks the pixels."""
    if int(image.info.get("bit_depth") or 8) > 8:
        return True
    for tile in image.tile:
        arguments = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        if any(isinstance(word, str) and ";16" in word for word in arguments):
            return True
    return False


def _clear_under(pixels: npt.NDArray[np.uint8], alpha: npt.NDArray[np.uint8]) -> bool:
    """Blacken what full transparency hides, in place; tells whether it was more than one flat colour."""
    is_hidden = alpha == 0
    hidden = pixels[is_hidden]
    pixels[is_hidden] = 0
    return bool(len(hidden) and (hidden != hidden[0]).any())
