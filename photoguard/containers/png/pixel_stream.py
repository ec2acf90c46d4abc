"""Follows a PNG's zlib stream to its end: exactly the promised rows, and nothing behind them."""

from __future__ import annotations

import zlib
from enum import StrEnum

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_AT_ONCE = 1 << 20
_PIECE = 1 << 16
"""What zlib has not used of its input it copies each time."""


class StreamState(StrEnum):
    EXACT = "exact"
    SHORT = "short"
    LONG = "long"
    BROKEN = "broken"


def row_bytes(width: int, height: int, depth: int, colour: int, interlace: int) -> int:
    """Count the bytes of all filtered rows (PNG specification, 7.2 and 9.2); 0 for an unknown colour type."""
    bits = depth * _CHANNELS.get(colour, 0)
    if not bits:
        return 0
    passes = _ADAM7 if interlace else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns = (width - left + across - 1) // across
        rows = (height - top + down - 1) // down
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


class PixelStream:
    """Inflates chunk after chunk in bounded memory, keeping nothing."""

    def __init__(self, expected_bytes: int) -> None:
        self._inflater = zlib.decompressobj()
        self._left = expected_bytes
        self._is_broken = False

    def feed(self, part: bytes | memoryview) -> int:
        """Inflate one chunk's data; return how many of its bytes belong to the stream."""
        if self._is_broken or self._left < 0:
            return len(part)
        view = memoryview(part)
        for start in range(0, len(view), _PIECE):
            if self._inflater.eof:
                return start
            rest: bytes | memoryview = view[start : start + _PIECE]
            behind = start + len(rest)
            try:
                while rest and not self._inflater.eof:
                    self._left -= len(self._inflater.decompress(rest, _AT_ONCE))
                    rest = self._inflater.unconsumed_tail
                    if self._left < 0:
                        return len(part)
            except zlib.error:
                self._is_broken = True
                return len(part)
            if self._inflater.eof:
                return behind - len(self._inflater.unused_data)
        return 0 if self._inflater.eof else len(part)

    @property
    def state(self) -> StreamState:
        if self._is_broken:
            return StreamState.BROKEN
        if self._left < 0:
            return StreamState.LONG
        return StreamState.EXACT if self._left == 0 and self._inflater.eof else StreamState.SHORT
