"""Brings any decoded picture to 8-bit grey or sRGB, with the alpha channel apart."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from photoguard.errors import ProblemCode, Refused

CONVERTED = "converted_to_srgb"
ASSUMED = "treated_as_srgb"
REDUCED = "reduced_to_8_bit"
FROM_CMYK = "converted_from_cmyk"

Levels = npt.NDArray[np.integer[Any]]

_ONE_LEVEL = 1
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC


class Coloured(NamedTuple):
    """A picture in mode ``L`` or ``RGB``, its alpha (mode ``L``) or None, and what was changed."""

    colour: Image.Image
    alpha: Image.Image | None
    notes: tuple[str, ...]


def to_srgb(image: Image.Image, profile: bytes | None) -> Coloured:
    """Convert a loaded picture of any Pillow mode; grey stays grey.

    A profile that cannot be used is ignored and noted. Raises ``Refused`` with UNSUPPORTED_PIXELS
    for samples without a known meaning (floats, 32-bit integers).
    """
    notes: list[str] = []
    colour, alpha = _apart(image, notes)
    if profile or colour.mode == "LAB":
        try:
            converted = _through_profile(colour, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            notes.append(ASSUMED)
        else:
            if colour.mode == "CMYK":
                notes.append(FROM_CMYK)
            elif converted is not colour:
                notes.append(CONVERTED)
            colour = converted
    if colour.mode == "CMYK":
        notes.append(FROM_CMYK)
    if colour.mode not in {"L", "RGB"}:
        colour = colour.convert("RGB")
    if alpha is not None and alpha.getextrema() == (255, 255):
        alpha = None
    return Coloured(colour, alpha, tuple(notes))


def _apart(image: Image.Image, notes: list[str]) -> tuple[Image.Image, Image.Image | None]:
    """Split off alpha and leave a mode that a colour profile may speak of."""
    mode = image.mode
    if mode in {"I;16", "I;16L", "I;16B", "I;16N"}:
        notes.append(REDUCED)
        return _from_16_bit(image)
    if mode in {"I", "F"}:
        raise Refused(ProblemCode.UNSUPPORTED_PIXELS, mode=mode)
    if mode in {"LA", "La"}:
        both = image.convert("LA")
        return both.getchannel("L"), both.getchannel("A")
    if mode in {"RGBA", "RGBa", "PA"} or (mode in {"P", "RGB"} and "transparency" in image.info):
        four = image.convert("RGBA")
        # Dropping the channel, not blending: the colours must stay as they are.
        return Image.merge("RGB", four.split()[:3]), four.getchannel("A")
    if mode in {"1", "L"} and "transparency" in image.info:
        both = image.convert("LA")
        return both.getchannel("L"), both.getchannel("A")
    if mode == "1":
        return image.convert("L"), None
    if mode in {"RGB", "L", "CMYK", "LAB"}:
        return image, None
    if mode in {"P", "YCbCr", "HSV", "RGBX"}:
        return image.convert("RGB"), None
    raise Refused(ProblemCode.UNSUPPORTED_PIXELS, mode=mode)


def _from_16_bit(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    wide = np.asarray(image).astype(np.uint32)
    # 65535 = 255 * 257: rounding to the nearest of the 256 levels.
    narrow = Image.fromarray(((wide + 128) // 257).astype(np.uint8))
    hole = image.info.get("transparency")
    if not isinstance(hole, int):
        return narrow, None
    return narrow, Image.fromarray(np.where(wide == hole, 0, 255).astype(np.uint8))


def _through_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, or the very same object where the profile means sRGB already."""
    if profile is None:
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    else:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    # LittleCMS refuses a profile that speaks of another colour space than the mode.
    transform = ImageCms.buildTransform(source, target, image.mode, "RGB", _INTENT, _FLAGS)
    if image.mode == "L":
        curve = _grey_curve(transform)
        return image if _is_same(curve, np.arange(256)) else image.point(curve.tolist())
    if image.mode == "RGB":
        samples = _rgb_samples()
        if _is_same(np.asarray(_applied(transform, samples)), np.asarray(samples)):
            return image
    return _applied(transform, image)


def _applied(transform: ImageCms.ImageCmsTransform, image: Image.Image) -> Image.Image:
    return transform.apply(image)


def _grey_curve(transform: ImageCms.ImageCmsTransform) -> Levels:
    """Tell what a grey profile makes of the 256 levels; the middle channel, since neutral stays neutral."""
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    return np.asarray(_applied(transform, ramp))[0, :, 1]


def _rgb_samples() -> Image.Image:
    """Make a lattice of 17 levels per channel, like the tables of profiles."""
    levels = np.linspace(0, 255, 17).round().astype(np.uint8)
    lattice = np.stack(np.meshgrid(levels, levels, levels), axis=-1)
    return Image.fromarray(lattice.reshape(17 * 17, 17, 3))


def _is_same(first: Levels, second: Levels) -> bool:
    return int(np.abs(first.astype(np.int16) - second.astype(np.int16)).max()) <= _ONE_LEVEL
