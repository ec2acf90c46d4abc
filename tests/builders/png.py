"""PNG and APNG, built chunk by chunk."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width: int = 8, height: int = 4, colour: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))


def rows(width: int = 8, height: int = 4, samples: int = 3) -> bytes:
    return b"".join(
        b"\x00" + bytes((17 * row + column) % 256 for column in range(width * samples)) for row in range(height)
    )


def png(*before: bytes, after: bytes = b"", pixels: bytes | None = None, tail: bytes = b"") -> bytes:
    """A PNG with further chunks before and behind its pixels, and bytes behind its end."""
    packed = zlib.compress(rows()) if pixels is None else pixels
    return SIGNATURE + header() + b"".join(before) + chunk(b"IDAT", packed) + after + chunk(b"IEND", b"") + tail


def apng(*before: bytes, extra: bytes = b"") -> bytes:
    """Two frames; ``extra`` lies behind the end of the second one's compressed stream."""
    control = struct.pack(">IIIIHHBB", 8, 4, 0, 0, 1, 10, 0, 0)
    return (
        SIGNATURE + header() + chunk(b"acTL", struct.pack(">II", 2, 0)) + b"".join(before)
        + chunk(b"fcTL", struct.pack(">I", 0) + control) + chunk(b"IDAT", zlib.compress(rows()))
        + chunk(b"fcTL", struct.pack(">I", 1) + control)
        + chunk(b"fdAT", struct.pack(">I", 2) + zlib.compress(rows()) + extra)
        + chunk(b"IEND", b"")
    )  # fmt: skip
