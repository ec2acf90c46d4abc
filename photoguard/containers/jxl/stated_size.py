"""Width and height as the header of a JPEG XL codestream states them (ISO/IEC 18181-1, SizeHeader)."""

from __future__ import annotations

from photoguard.containers.bmff.boxes import boxes

_BARE = b"\xff\x0a"
_HEADER_BYTES = 16
_RATIOS = ((1, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIDE_BITS = (9, 13, 18, 30)


def stated_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) of a bare or boxed codestream; None where it does not begin as one. Never fails."""
    head = _codestream(data)
    if head[:2] != _BARE:
        return None
    bits = _Bits(head[2:])
    is_small = bits.take(1)
    height = _side(bits, is_small=is_small)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio]
        return height * across // down, height
    return _side(bits, is_small=is_small), height


def _codestream(data: bytes) -> bytes:
    if data[:2] == _BARE:
        return data[:_HEADER_BYTES]
    for box in boxes(data, 0, len(data)):
        if box.name == b"jxlc":
            return data[box.body : box.body + _HEADER_BYTES]
        if box.name == b"jxlp":  # four bytes number the part
            return data[box.body + 4 : box.body + 4 + _HEADER_BYTES]
    return b""


class _Bits:
    """Least significant bit first; zeros behind the end."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._left & ((1 << count) - 1)
        self._left >>= count
        return value


def _side(bits: _Bits, *, is_small: int) -> int:
    if is_small:
        return 8 * (bits.take(5) + 1)
    return bits.take(_SIDE_BITS[bits.take(2)]) + 1
