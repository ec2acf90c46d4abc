"""Reads TIFF directories (Exif, MPF, TIFF, BigTIFF) from untrusted bytes, within bounds."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

_TYPE_BYTES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_INTEGER = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q", 6: "b", 8: "h", 9: "i", 17: "q"}
_FORMS = {
    (order, is_big): (
        struct.Struct(order + ("Q" if is_big else "H")),
        struct.Struct(order + ("HHQQ" if is_big else "HHII")),
        struct.Struct(order + ("Q" if is_big else "I")),
    )
    for order in "<>"
    for is_big in (False, True)
}
"""How the number of entries, an entry and an offset are written, by order and size."""
_MOST_ENTRIES = 4096
_MOST_NUMBERS = 65_536


class Entry(NamedTuple):
    """One tag of a directory."""

    tag: int
    kind: int
    values: int
    """How many of that kind."""
    start: int
    """Where its value lies in the block."""
    size_bytes: int
    is_whole: bool
    """Whether the value lies inside the block."""


@dataclass(frozen=True)
class Directory:
    """The entries of one directory and where the next one starts (0: none)."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    following: int
    is_broken: bool

    def get(self, tag: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.tag == tag), None)


class TiffBlock:
    """A TIFF header and its directories; ``first`` is None where it is no TIFF."""

    def __init__(self, data: bytes | memoryview) -> None:
        self.data = data
        self.first: int | None = None
        self.is_big = False
        order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
        self._order = order or "<"
        if order is None or len(data) < 8:
            return
        (version,) = struct.unpack_from(order + "H", data, 2)
        if version == 43 and len(data) >= 16:
            self.is_big = True
            (self.first,) = struct.unpack_from(order + "Q", data, 8)
        elif version in {42, 0x55, 0x4F52, 0x5352}:  # TIFF, Panasonic, Olympus
            (self.first,) = struct.unpack_from(order + "I", data, 4)

    def read(self, start: int) -> Directory | None:
        """Read the directory at ``start``; None where not even its count is there."""
        counter, entry_form, offset = _FORMS[self._order, self.is_big]
        data, end = self.data, len(self.data)
        if start + counter.size > end:
            return None
        (count,) = counter.unpack_from(data, start)
        at = start + counter.size
        inline, entry_bytes = offset.size, entry_form.size
        value_at = at + entry_bytes - inline
        held = min(count, _MOST_ENTRIES, (end - at) // entry_bytes)
        is_broken = held < count
        entries: list[Entry] = []
        add, bytes_of = entries.append, _TYPE_BYTES.get
        at += held * entry_bytes
        for tag, kind, number, value in entry_form.iter_unpack(data[at - held * entry_bytes : at]):
            one = bytes_of(kind, 0)
            size = one * number
            place = value if size > inline else value_at
            value_at += entry_bytes
            is_whole = one > 0 and place + size <= end
            if not is_whole:
                is_broken = True
            add(Entry(tag, kind, number, place, size, is_whole))
        following = 0
        if at + inline <= end and not is_broken:
            (following,) = offset.unpack_from(data, at)
        return Directory(start, at + inline, tuple(entries), following, is_broken)

    def value(self, entry: Entry) -> bytes:
        return bytes(self.data[entry.start : entry.start + entry.size_bytes]) if entry.is_whole else b""

    def numbers(self, entry: Entry | None) -> tuple[int, ...]:
        """Return an entry's whole numbers; empty for other types and broken entries."""
        if entry is None or not entry.is_whole or entry.kind not in _INTEGER or entry.values > _MOST_NUMBERS:
            return ()
        return struct.unpack_from(f"{self._order}{entry.values}{_INTEGER[entry.kind]}", self.data, entry.start)

    def number(self, entry: Entry | None, default: int = 0) -> int:
        numbers = self.numbers(entry)
        return numbers[0] if numbers else default
