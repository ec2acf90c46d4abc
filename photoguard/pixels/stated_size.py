"""Width and height as a file states them, read before any decoder sees the file."""

from __future__ import annotations

import struct

from photoguard.containers.jxl.stated_size import stated_size as jxl_size
from photoguard.domain import ImageFormat

_GIF_HEADER = 13
_GIF_EXTENSION, _GIF_IMAGE = 0x21, 0x2C


def stated_size(data: bytes, kind: ImageFormat) -> tuple[int, int] | None:
    """(width, height) of a PNG, JPEG XL, a WebP's canvas or a GIF's screen and first frame; else None.

    WebP and GIF decoders allocate while opening, JPEG XL's decodes it all, the PNG decoder reads on before
    it tells a size.
    Never fails: a header that cannot be read gives None.
    """
    try:
        if kind is ImageFormat.PNG and data[12:16] == b"IHDR":
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if kind is ImageFormat.WEBP:
            return _webp_size(data)
        if kind is ImageFormat.GIF:
            return _gif_size(data)
        if kind is ImageFormat.JXL:
            return jxl_size(data)
    except (struct.error, IndexError):
        return None
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    at = _GIF_HEADER + _gif_table_bytes(data[10])
    while data[at] == _GIF_EXTENSION:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    if data[at] == _GIF_IMAGE:
        # A frame may reach beyond the screen; decoders then enlarge the screen.
        left, top, frame_width, frame_height = struct.unpack_from("<HHHH", data, at + 1)
        width, height = max(width, left + frame_width), max(height, top + frame_height)
    return width, height


def _gif_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
