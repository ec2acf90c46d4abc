"""Reads the item tables of a HEIF file: what each item is, where its bytes lie, who refers to whom.

ISO/IEC 23008-12 and 14496-12, 8.11.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from photoguard.containers.bmff.boxes import Box, boxes

_MOST_ITEMS = 20_000
_MOST_EXTENTS = 50_000
_MOST_LINKS = 100_000


@dataclass
class Item:
    kind: bytes = b""
    name: bytes = b""
    content_type: bytes = b""
    extents: list[tuple[int, int]] = field(default_factory=list)
    """(start, size) in the file, for items whose bytes lie in it."""
    properties: list[int] = field(default_factory=list)
    """1-based indices into the properties."""


@dataclass
class ItemTable:
    primary: int = 0
    items: dict[int, Item] = field(default_factory=dict)
    links: list[tuple[bytes, int, tuple[int, ...]]] = field(default_factory=list)
    """Kind of reference, from, to."""
    properties: list[Box] = field(default_factory=list)
    is_broken: bool = False

    def item(self, number: int) -> Item:
        if number not in self.items and len(self.items) >= _MOST_ITEMS:
            self.is_broken = True
            return Item()
        return self.items.setdefault(number, Item())


class _Reader:
    def __init__(self, data: bytes, box: Box) -> None:
        self._data = data
        self.at = box.body
        self.end = box.end

    def number(self, size_bytes: int) -> int:
        if self.at + size_bytes > self.end:
            raise EOFError
        value = int.from_bytes(self._data[self.at : self.at + size_bytes], "big")
        self.at += size_bytes
        return value

    def text(self) -> bytes:
        stop = self._data.find(b"\x00", self.at, self.end)
        stop = self.end if stop < 0 else stop
        value = self._data[self.at : stop]
        self.at = min(stop + 1, self.end)
        return value


def read_items(data: bytes, meta: Box) -> ItemTable:
    """Read a ``meta`` box; a broken table is read as far as it goes. Never fails."""
    table = ItemTable()
    children = {box.name: box for box in boxes(data, meta.body + 4, meta.end)}
    readers = ((b"pitm", _primary), (b"iinf", _infos), (b"iref", _links), (b"iprp", _properties))
    for name, reader in readers:
        if name in children:
            try:
                reader(data, children[name], table)
            except (EOFError, struct.error):
                table.is_broken = True
    if b"iloc" in children:
        idat = children.get(b"idat")
        try:
            _locations(data, children[b"iloc"], idat, table)
        except EOFError:
            table.is_broken = True
    return table


def _primary(data: bytes, box: Box, table: ItemTable) -> None:
    reader = _Reader(data, box)
    version = reader.number(4) >> 24
    table.primary = reader.number(4 if version else 2)


def _infos(data: bytes, box: Box, table: ItemTable) -> None:
    reader = _Reader(data, box)
    version = reader.number(4) >> 24
    reader.number(4 if version else 2)
    for info in boxes(data, reader.at, box.end):
        entry = _Reader(data, info)
        version = entry.number(4) >> 24
        if version < 2:
            item = table.item(entry.number(2))
            entry.number(2)
            item.name = entry.text()
            item.kind, item.content_type = b"mime", entry.text()
            continue
        item = table.item(entry.number(4 if version > 2 else 2))
        entry.number(2)
        item.kind = entry.number(4).to_bytes(4, "big")
        item.name = entry.text()
        if item.kind in {b"mime", b"uri "}:
            item.content_type = entry.text()


def _links(data: bytes, box: Box, table: ItemTable) -> None:
    reader = _Reader(data, box)
    width = 4 if reader.number(4) >> 24 else 2
    total = 0
    for link in boxes(data, reader.at, box.end):
        entry = _Reader(data, link)
        source = entry.number(width)
        count = entry.number(2)
        total += count
        if total > _MOST_LINKS:
            raise EOFError
        table.links.append((link.name, source, tuple(entry.number(width) for _ in range(count))))


def _properties(data: bytes, box: Box, table: ItemTable) -> None:
    for child in boxes(data, box.body, box.end):
        if child.name == b"ipco":
            table.properties = list(boxes(data, child.body, child.end))
        elif child.name == b"ipma":
            reader = _Reader(data, child)
            head = reader.number(4)
            for _ in range(min(reader.number(4), _MOST_ITEMS)):
                item = table.item(reader.number(4 if head >> 24 else 2))
                for _ in range(reader.number(1)):
                    index = reader.number(2) & 0x7FFF if head & 1 else reader.number(1) & 0x7F
                    item.properties.append(index)


def _locations(data: bytes, box: Box, idat: Box | None, table: ItemTable) -> None:
    reader = _Reader(data, box)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    offset_bytes, length_bytes = sizes >> 12, sizes >> 8 & 15
    base_bytes, index_bytes = sizes >> 4 & 15, sizes & 15 if version else 0
    total = 0
    for _ in range(min(reader.number(4 if version > 1 else 2), _MOST_ITEMS)):
        item = table.item(reader.number(4 if version > 1 else 2))
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_bytes)
        if method == 1 and idat is not None:
            base += idat.body
        count = reader.number(2)
        total += count
        if total > _MOST_EXTENTS:
            raise EOFError
        for _ in range(count):
            reader.number(index_bytes)
            start = base + reader.number(offset_bytes)
            size = reader.number(length_bytes)
            if method <= 1 and start < len(data):
                held = min(size or len(data) - start, len(data) - start)
                table.is_broken |= held < size
                item.extents.append((start, held))
            elif method <= 1:
                table.is_broken = True
