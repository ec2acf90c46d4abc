"""HEIF files by the box: real tables around whatever is given for pictures."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from builders.blocks import box, full_box


@dataclass
class Item:
    """One item of the ``meta`` box."""

    kind: bytes
    body: bytes
    properties: list[bytes] = field(default_factory=list)
    name: bytes = b""
    content_type: bytes = b""


def ispe(width: int, height: int) -> bytes:
    return full_box(b"ispe", 0, struct.pack(">II", width, height))


def auxiliary(purpose: bytes) -> bytes:
    return full_box(b"auxC", 0, purpose + b"\x00")


def heif(
    items: list[Item],
    links: list[tuple[bytes, int, tuple[int, ...]]] = (),  # type: ignore[assignment]
    boxes: bytes = b"",
    unclaimed: bytes = b"",
    brand: bytes = b"heic",
) -> bytes:
    """A file whose items are numbered from 1; the first is the picture. ``links`` as (kind, from, to)."""
    ftyp = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    properties = [one for item in items for one in item.properties]
    infos, associations = b"", b""
    for number, item in enumerate(items, start=1):
        text = item.name + b"\x00" + (item.content_type + b"\x00" if item.kind == b"mime" else b"")
        infos += full_box(b"infe", 2, struct.pack(">HH", number, 0), item.kind, text)
        associations += struct.pack(">HB", number, len(item.properties))
        associations += bytes(properties.index(one) + 1 for one in item.properties)
    references = b"".join(
        box(kind, struct.pack(">HH", source, len(targets)), *(struct.pack(">H", to) for to in targets))
        for kind, source, targets in links
    )

    def meta(start: int) -> bytes:
        places = b""
        for number, item in enumerate(items, start=1):
            places += struct.pack(">HHHII", number, 0, 1, start, len(item.body))
            start += len(item.body)
        return full_box(
            b"meta", 0,
            full_box(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
            full_box(b"pitm", 0, struct.pack(">H", 1)),
            full_box(b"iinf", 0, struct.pack(">H", len(items)), infos),
            full_box(b"iref", 0, references),
            box(b"iprp", box(b"ipco", *properties), full_box(b"ipma", 0, struct.pack(">I", len(items)), associations)),
            full_box(b"iloc", 0, b"\x44\x00", struct.pack(">H", len(items)), places),
        )  # fmt: skip

    start = len(ftyp) + len(meta(0)) + len(boxes) + 8
    return ftyp + meta(start) + boxes + box(b"mdat", *(item.body for item in items), unclaimed)


def picture(width: int = 64, height: int = 48) -> Item:
    return Item(b"hvc1", b"\x00\x00\x00\x05coded", [ispe(width, height)])
