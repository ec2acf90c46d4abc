"""TIFF and BMP: uncompressed pixels, and directories with anything in them."""

from __future__ import annotations

import struct

_WIDTH, _HEIGHT = 8, 4
_PIXELS = bytes(range(_WIDTH * _HEIGHT * 3))


def tiff(
    *tags: tuple[int, int, bytes], second: tuple[tuple[int, int, bytes], ...] = (), gap: bytes = b"", tail: bytes = b""
) -> bytes:
    """Tags as (number, type, value); ``second`` makes a further page, ``gap`` lies between the parts."""
    out = bytearray(struct.pack("<2sHI", b"II", 42, 8 + len(gap)) + gap)
    pages = [tags, second] if second else [tags]
    for page in pages:
        entries = {
            256: (3, 1, struct.pack("<H", _WIDTH)), 257: (3, 1, struct.pack("<H", _HEIGHT)),
            258: (3, 3, struct.pack("<HHH", 8, 8, 8)), 259: (3, 1, struct.pack("<H", 1)),
            262: (3, 1, struct.pack("<H", 2)), 273: (4, 1, b"?PIX"), 277: (3, 1, struct.pack("<H", 3)),
            278: (3, 1, struct.pack("<H", _HEIGHT)), 279: (4, 1, struct.pack("<I", len(_PIXELS))),
        }  # fmt: skip
        for number, kind, value in page:
            width = {3: 2, 4: 4, 5: 8, 13: 4}.get(kind, 1)
            entries[number] = (kind, len(value) // width, value)
        values_at = len(out) + 2 + 12 * len(entries) + 4
        values = bytearray()
        directory = struct.pack("<H", len(entries))
        for number in sorted(entries):
            kind, count, value = entries[number]
            if value == b"?PIX":
                place = values_at + len(values)
                values += _PIXELS
                field = struct.pack("<I", place)
            elif len(value) <= 4:
                field = value.ljust(4, b"\x00")
            else:
                field = struct.pack("<I", values_at + len(values))
                values += value + bytes(len(value) & 1)
            directory += struct.pack("<HHI", number, kind, count) + field
        following = values_at + len(values) if page is tags and second else 0
        out += directory + struct.pack("<I", following) + values
    return bytes(out) + tail


def bmp(gap: bytes = b"", tail: bytes = b"") -> bytes:
    row = bytes(range(24))
    start = 14 + 40 + len(gap)
    head = struct.pack("<2sIII", b"BM", start + 4 * 24 + len(tail), 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, 8, 4, 1, 24, 0, 4 * 24, 2835, 2835, 0, 0)
    return head + info + gap + row * 4 + tail
