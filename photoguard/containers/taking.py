"""Chooses the walker of a format, and hands out hidden pictures for showing."""

from __future__ import annotations

from collections.abc import Callable

from photoguard.containers.bmff.inventory import collect as collect_bmff
from photoguard.containers.bmp.inventory import collect as collect_bmp
from photoguard.containers.contents.collector import Collector
from photoguard.containers.gif.inventory import collect as collect_gif
from photoguard.containers.jp2.inventory import collect as collect_jp2
from photoguard.containers.jpeg.inventory import collect as collect_jpeg
from photoguard.containers.jxl.inventory import collect as collect_jxl
from photoguard.containers.png.inventory import collect as collect_png
from photoguard.containers.sniffing import known_format
from photoguard.containers.tiff.inventory import collect as collect_tiff
from photoguard.containers.values import Inventory
from photoguard.containers.webp.inventory import collect as collect_webp
from photoguard.domain import Finding, ImageFormat

_WALKERS: dict[ImageFormat, Callable[[bytes, str, Collector], None]] = {
    ImageFormat.JPEG: collect_jpeg,
    ImageFormat.PNG: collect_png,
    ImageFormat.WEBP: collect_webp,
    ImageFormat.GIF: collect_gif,
    ImageFormat.TIFF: collect_tiff,
    ImageFormat.HEIC: collect_bmff,
    ImageFormat.AVIF: collect_bmff,
    ImageFormat.JXL: collect_jxl,
    ImageFormat.JP2: collect_jp2,
    ImageFormat.BMP: collect_bmp,
}


def inventory(data: bytes) -> Inventory:
    """List all that a file carries besides its picture, in bounded time and memory.

    A broken file is listed as far as it goes, with ``problems``. Raises ``Refused`` only where the file
    is no photo: EMPTY_FILE, NOT_A_PHOTO, UNSUPPORTED_FORMAT. An empty ``findings`` means "already clean".
    """
    kind = known_format(data)
    found = Collector(len(data))
    _WALKERS[kind](data, "", found)
    width, height = found.size or (None, None)
    return Inventory(
        kind,
        tuple(found.findings),
        frames=found.frames,
        orientation=found.orientation,
        width=width,
        height=height,
        problems=tuple(found.problems),
    )


def extract_hidden_picture(data: bytes, finding: Finding) -> bytes | None:
    """Return the hidden picture that a finding of ``inventory(data)`` speaks of, as a JPEG or PNG file.

    None where the finding is no picture or has no such payload. Raises what ``inventory`` raises. The
    bytes are untrusted: decode them with the same limits as any photo.
    """
    kind = known_format(data)
    found = Collector(len(data), wanted=finding)
    _WALKERS[kind](data, "", found)
    payload = found.payload
    return payload if payload and payload.startswith((b"\xff\xd8", b"\x89PNG")) else None
