"""Reads the one Exif tag that says which way is up, and writes an Exif block of only that tag."""

from __future__ import annotations

import struct

_TAG = 0x0112
_SIZES = {1: "B", 3: "H", 4: "I"}
_MOST_ENTRIES = 1000


def read_orientation(exif: bytes) -> int:
    """Find the orientation 1..8 in an Exif block (with or without its ``Exif`` prefix); 1 if there is none.

    Never fails: a broken block has no orientation.
    """
    tiff = exif[6:] if exif[:6] == b"Exif\x00\x00" else exif
    order = {b"II": "<", b"MM": ">"}.get(bytes(tiff[:2]))
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for index in range(min(count, _MOST_ENTRIES)):
            tag, kind, length = struct.unpack_from(order + "HHI", tiff, start + 2 + 12 * index)
            if tag == _TAG and kind in _SIZES and length == 1:
                (value,) = struct.unpack_from(order + _SIZES[kind], tiff, start + 10 + 12 * index)
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def orientation_only(orientation: int) -> bytes:
    """Build a 26-byte big-endian TIFF block: one directory, one entry, the orientation (2..8)."""
    entry = struct.pack(">HHIHH", _TAG, 3, 1, orientation, 0)
    return b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
