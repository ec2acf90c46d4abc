"""From a file's bytes to upright sRGB pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from photoguard.containers.tiff.raw import RawPhoto, raw_photo
from photoguard.domain import ImageFormat, Photo
from photoguard.errors import ProblemCode, Refused
from photoguard.pixels.coding import encoding_of
from photoguard.pixels.colour import ASSUMED, CONVERTED, REDUCED, to_srgb
from photoguard.pixels.opening import DEFAULT_LIMIT_MEGAPIXELS, decoder_errors, known_format, open_photo
from photoguard.pixels.orientation import UPRIGHT, orientation_of, swaps_axes, upright

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.ImageFile import ImageFile

ROTATED = "rotated"
FIRST_FRAME = "first_frame_only"
CLEARED = "cleared_under_transparency"
FINISHED = "finished_picture"


def decode(data: bytes, *, limit_megapixels: float = DEFAULT_LIMIT_MEGAPIXELS, first_frame: bool = False) -> Photo:
    """Decode the first frame of a photo into upright 8-bit sRGB (or grey) pixels.

    The size is checked before pixels are allocated. Colours under fully transparent pixels are
    set to zero, since a hidden copy of the picture may lie there. With ``first_frame`` an animation
    gives its first frame instead of a refusal. A raw photo gives the finished picture inside it, with a note.

    Raises ``Refused``: EMPTY_FILE, NOT_A_PHOTO, UNSUPPORTED_FORMAT, NEEDS_EXTRA, TOO_LARGE, ANIMATED,
    TRUNCATED, MALFORMED, UNSUPPORTED_PIXELS; ``Failed``: OUT_OF_MEMORY.
    """
    kind = known_format(data)
    raw = raw_photo(data) if kind is ImageFormat.TIFF else None
    if raw is not None:
        return _finished(data, raw, limit_megapixels)
    return _decoded(data, kind, limit_megapixels, first_frame=first_frame)


def try_decoding(data: bytes, *, limit_megapixels: float = DEFAULT_LIMIT_MEGAPIXELS) -> None:
    """Decode the first frame and keep nothing of it; raises what :func:`decode` raises for files that cannot be decoded."""
    kind = known_format(data)
    with decoder_errors(data, kind, "header"):
        image = open_photo(data, kind, limit_megapixels=limit_megapixels, first_frame=True)
    with decoder_errors(data, kind, "pixels"):
        image.load()


def _finished(data: bytes, raw: RawPhoto, limit_megapixels: float) -> Photo:
    """The picture that a camera or a program put into a raw photo: our own development would be another one."""
    inside = raw.finished
    if inside is None:
        raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format="raw")
    picture = data[inside.start : inside.end]
    photo = _decoded(picture, ImageFormat.JPEG, limit_megapixels, orientation=raw.orientation)
    is_turned = photo.size != inside.size
    (width, height), (full_width, full_height) = photo.size, raw.size[::-1] if is_turned else raw.size
    said = f"{FINISHED} width={width} height={height} full_width={full_width} full_height={full_height}"
    notes = (said, *photo.notes)
    if not inside.has_usual_colours and not {ASSUMED, CONVERTED} & set(notes):
        notes = (*notes, ASSUMED)
    return replace(photo, notes=notes)


def _decoded(
    data: bytes, kind: ImageFormat, limit_megapixels: float, *, first_frame: bool = False, orientation: int = UPRIGHT
) -> Photo:
    """Decode with the decoder of ``kind``; ``orientation`` holds where the file says nothing of it."""
    unsaid = orientation
    with decoder_errors(data, kind, "header"):
        image = open_photo(data, kind, limit_megapixels=limit_megapixels, first_frame=first_frame)
        is_deep = _is_deep(image)
        # Pillow turns a TIFF itself while loading, and forgets the tag.
        is_turned_by_decoder = kind is ImageFormat.TIFF and orientation_of(image) != UPRIGHT
        is_one_of_many = kind is not ImageFormat.HEIC and getattr(image, "n_frames", 1) > 1
    with decoder_errors(data, kind, "pixels"):
        image.load()
        # After loading: a PNG may carry its Exif behind the pixels.
        orientation = orientation_of(image, unsaid)
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
