"""Walks the boxes of ISO base media files within bounds (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_MOST_BOXES = 20_000


class Box(NamedTuple):
    """One box; offsets count from the start of the file."""

    name: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes in a span. What does not fit ends the walk: the caller sees where it stopped."""
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, body = int.from_bytes(data[at : at + 4], "big"), at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = end - at
        if at + size > end or at + size < body:
            return
        yield Box(data[at + 4 : at + 8], at, body, at + size)
        at += size


def spelled(name: bytes) -> str:
    """Spell a box's name; one that is no plain name is not repeated."""
    stripped = name.strip()
    return stripped.decode("ascii") if stripped.isascii() and stripped.isalnum() else "unknown"
