"""What the containers room hands out: frozen values, no bytes of metadata in them but the new file's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from photoguard.domain import Finding, ImageFormat


class ReencodeReason(StrEnum):
    """Why a file cannot be cleaned without touching its coded pixels."""

    FORMAT = "format"
    """HEIC, AVIF, TIFF, JPEG XL, JPEG 2000, BMP: pictures, text and tables are too entangled for surgery."""
    PROFILE = "profile"
    """The colours are described by look-up tables; only a conversion to sRGB keeps them."""
    MALFORMED = "malformed"
    """The structure breaks its own rules; a decoder may still make sense of it."""
    NO_END = "no_end"
    """The end of the picture is not marked; a decoder can tell whether all pixels are there."""


@dataclass(frozen=True)
class Rewritten:
    """A file of the same coded pixels and nothing else."""

    data: bytes
    format: ImageFormat
    orientation: int = 1
    """1..8 as the source's Exif said; 2..8 are in ``data`` as an Exif block of this one tag."""
    kept: tuple[str, ...] = ()
    """Fixed words: ``orientation``, ``colour_profile``, ``gamma``, ``animation``."""
    dropped: tuple[str, ...] = ()
    """Places that were left out, in file order, each once: ``APP1``, ``COM``, ``tEXt``, ``trailer``, ..."""


@dataclass(frozen=True)
class NeedsReencode:
    """The answer of ``rewrite`` where only decoding and encoding afresh gives a clean file."""

    format: ImageFormat
    reason: ReencodeReason


@dataclass(frozen=True)
class Inventory:
    """All that a file carries besides the picture; holds places and sizes, no values."""

    format: ImageFormat
    findings: tuple[Finding, ...]
    frames: int = 1
    """Pictures of the animation; 1 for a still photo."""
    orientation: int = 1
    """1..8, Exif or TIFF."""
    width: int | None = None
    height: int | None = None
    """As stored, before orientation; None when the header cannot be read."""
    problems: tuple[str, ...] = ()
    """Fixed words on structure: ``truncated``, ``malformed``, ``too_deep``."""
