"""Reads from a WebP how strongly it was quantised; RFC 6386 sections 7, 9 and 19.2."""

from __future__ import annotations

DEFAULT_QUALITY = 80
_FRAME_TAG_AND_START_CODE = 10


def is_lossless(data: bytes) -> bool:
    """Whether the (first) frame of a WebP is coded as VP8L."""
    return _first_payload(data)[0] == b"VP8L"


def quality_of(data: bytes) -> int:
    """Estimate the libwebp quality 1..100 that gives the quantiser of this lossy WebP; 80 when unreadable."""
    name, payload = _first_payload(data)
    if name != b"VP8 " or len(payload) <= _FRAME_TAG_AND_START_CODE:
        return DEFAULT_QUALITY
    return _quality_of_quantiser(_quantiser(payload[_FRAME_TAG_AND_START_CODE:]))


def _first_payload(data: bytes) -> tuple[bytes, bytes]:
    """Name and first bytes of the first coded picture, also inside an animation frame."""
    at, end = 12, len(data)
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"VP8 ", b"VP8L"}:
            return name, data[at + 8 : at + 8 + min(size, 1024)]
        # An ANMF chunk has 16 bytes of placement before the chunks of its frame.
        at += 24 if name == b"ANMF" else 8 + size + (size & 1)
    return b"", b""


class _BoolDecoder:
    """Arithmetic decoder of section 7; bytes past the end read as zero."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 2
        self._value = int.from_bytes(data[:2].ljust(2, b"\0"), "big")
        self._range, self._shifts = 255, 0

    def flag(self) -> bool:
        """One bit of even odds."""
        split = 1 + ((self._range - 1) * 128 >> 8)
        bit = self._value >= split << 8
        if bit:
            self._range -= split
            self._value -= split << 8
        else:
            self._range = split
        while self._range < 128:
            self._value <<= 1
            self._range <<= 1
            self._shifts += 1
            if self._shifts == 8:
                self._shifts = 0
                if self._at < len(self._data):
                    self._value |= self._data[self._at]
                self._at += 1
        return bit

    def number(self, bits: int) -> int:
        value = 0
        for _ in range(bits):
            value = value << 1 | self.flag()
        return value

    def signed(self, bits: int) -> int:
        value = self.number(bits)
        return -value if self.flag() else value

    def optional(self, bits: int) -> int:
        """Read a signed number behind a flag that it is there, else 0."""
        return self.signed(bits) if self.flag() else 0


def _quantiser(first_partition: bytes) -> float:
    """Read the quantiser index 0..127 of a key frame, averaged over its macroblocks."""
    read = _BoolDecoder(first_partition)
    read.number(2)  # colour space, clamping
    segments: list[int] = []
    odds = [1.0, 1.0, 1.0]
    is_absolute = False
    if read.flag():
        updates_map, updates_data = read.flag(), read.flag()
        if updates_data:
            is_absolute = read.flag()
            segments = [read.optional(7) for _ in range(4)]
            for _ in range(4):
                read.optional(6)  # loop filter levels
        if updates_map:
            odds = [read.number(8) / 256 if read.flag() else 1.0 for _ in range(3)]
    read.number(1 + 6 + 3)  # loop filter type, level, sharpness
    if read.flag() and read.flag():
        for _ in range(8):
            read.optional(6)  # loop filter adjustments
    read.number(2)  # number of partitions
    base = read.number(7)
    if not segments:
        return base
    # The odds of the segment map's tree say how many macroblocks each segment has.
    left, first, third = odds
    shares = (left * first, left * (1 - first), (1 - left) * third, (1 - left) * (1 - third))
    levels = segments if is_absolute else [base + delta for delta in segments]
    return sum(share * min(127, max(0, level)) for share, level in zip(shares, levels, strict=True))


def _quality_of_quantiser(quantiser: float) -> int:
    """Invert libwebp's quality curve (QualityToCompression in src/enc/quant_enc.c)."""
    linear = (1 - quantiser / 127) ** 3
    quality = linear * 1.5 if linear < 0.5 else (linear + 1) / 2
    return min(100, max(1, round(100 * quality)))
