"""Which way is up: reads the one Exif tag that says so and turns the pixels accordingly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_ORIENTATION = 0x0112
UPRIGHT = 1

_TURN: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(image: ImageFile, unsaid: int = UPRIGHT) -> int:
    """Read the Exif or TIFF orientation, 1..8; ``unsaid`` where there is none or it cannot be read.

    Exif only, as browsers do; an orientation in XMP is not followed.
    """
    if image.format == "JXL" and not getattr(image, "jpeg", False):
        return UPRIGHT  # its own header says which way is up, and its decoder has turned it
    try:
        tags = getattr(image, "tag_v2", None)
        if tags is None:
            exif = Image.Exif()
            exif.load(image.info.get("exif") or b"")
            tags = exif
        value = tags.get(_ORIENTATION, unsaid)
    except Exception:  # noqa: BLE001 - a broken Exif block must not cost the photo
        return unsaid
    return value if isinstance(value, int) and value in _TURN else UPRIGHT


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture turned so that ``orientation`` 1 is true of it."""
    return image if orientation == UPRIGHT else image.transpose(_TURN[orientation])


def swaps_axes(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5
