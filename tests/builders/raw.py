"""Raw photos in TIFF's clothes: directories of any tags, with JPEG files and directories below them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

SENSOR, LINEAR, YCC, RGB = 32803, 34892, 6, 2
WHOLE, REDUCED = 0, 1
DNG = {50706: (1, bytes((1, 4, 0, 0)))}
_FORMS = {1: "B", 3: "H", 4: "I"}


@dataclass
class Page:
    """One directory. ``tags``: number -> (type, value as bytes or whole numbers)."""

    width: int
    height: int
    meaning: int | None = YCC
    subfile: int = REDUCED
    picture: bytes = b""
    """The coded data: as one strip, or with ``is_old`` behind the old JPEG tags."""
    compression: int = 7
    is_old: bool = False
    tags: dict[int, tuple[int, bytes | tuple[int, ...]]] = field(default_factory=dict)
    below: tuple[Page, ...] = ()


def raw(*pages: Page, order: str = "<", mark: bytes = b"") -> bytes:
    """A file of these pages, one behind the other; ``mark`` stands behind the header, as Canon's ``CR``."""
    out = bytearray((b"II*\x00" if order == "<" else b"MM\x00*") + bytes(4) + mark)
    following = 0
    for page in reversed(pages):
        following = _written(page, out, order, following)
    struct.pack_into(order + "I", out, 4, following)
    return bytes(out)


def sensor(width: int, height: int, meaning: int = SENSOR) -> Page:
    """A page of values that somebody has to develop."""
    return Page(width, height, meaning, WHOLE, picture=b"\x01\x02" * 40, compression=1)


def _written(page: Page, out: bytearray, order: str, following: int) -> int:
    starts = tuple(_written(one, out, order, 0) for one in page.below)
    place = len(out)
    out += page.picture + bytes(len(page.picture) & 1)
    tags: dict[int, tuple[int, bytes | tuple[int, ...]]] = {
        254: (4, (page.subfile,)), 256: (4, (page.width,)), 257: (4, (page.height,)), 259: (3, (page.compression,)),
    }  # fmt: skip
    if page.meaning is not None:
        tags[262] = (3, (page.meaning,))
    if page.picture:
        at, size = (513, 514) if page.is_old else (273, 279)
        tags |= {at: (4, (place,)), size: (4, (len(page.picture),))}
    if starts:
        tags[330] = (4, starts)
    tags |= page.tags
    values_at = len(out) + 2 + 12 * len(tags) + 4
    entries, values = bytearray(), bytearray()
    for number in sorted(tags):
        kind, value = tags[number]
        held = value if isinstance(value, bytes) else struct.pack(f"{order}{len(value)}{_FORMS[kind]}", *value)
        entries += struct.pack(order + "HHI", number, kind, len(value))
        if len(held) <= 4:
            entries += held.ljust(4, b"\x00")
        else:
            entries += struct.pack(order + "I", values_at + len(values))
            values += held + bytes(len(held) & 1)
    start = len(out)
    out += struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", following) + values
    return start
