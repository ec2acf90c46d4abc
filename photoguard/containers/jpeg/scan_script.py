"""Follows which coefficients the scans of a JPEG have coded: each part of the picture exactly once.

A second scan of what is already there would be a second picture: decoders of sequential JPEGs stop
after the first complete one and never show it (ITU-T T.81, B.2.3 and G.1.1.1).
"""

from __future__ import annotations

_PROGRESSIVE = frozenset({0xC2, 0xCA})
_LAST_COEFFICIENT = 63
_NOT_CODED = 255
"""No bit has this number: they go up to 15."""


class ScanScript:
    """The state of one picture's coding; asks ``add`` of every scan whether it is one more part of it."""

    def __init__(self, frame_code: int, component_ids: bytes) -> None:
        self._code = frame_code
        # Per component: the lowest bit coded so far of every coefficient.
        self._bits = {identity: bytearray([_NOT_CODED]) * 64 for identity in component_ids}

    def add(self, header: bytes) -> bool:
        """Take a scan header (after its length); False when it breaks the rules or repeats a part."""
        count = header[0] if header else 0
        if not 1 <= count <= 4 or len(header) != 4 + 2 * count:
            return False
        ids = header[1 : 1 + 2 * count : 2]
        first, last, approximation = header[-3], header[-2], header[-1]
        high, low = approximation >> 4, approximation & 15
        if self._code not in _PROGRESSIVE:
            # Sequential and lossless: every coefficient at once, whatever these fields say.
            first, last, high = 0, _LAST_COEFFICIENT, 0
            low = 0
        if first > last or last > _LAST_COEFFICIENT or len(set(ids)) != count:
            return False
        return all(self._add_band(identity, first, last, high, low) for identity in ids)

    @property
    def is_complete(self) -> bool:
        """Whether every component has at least its mean brightness."""
        return all(bits[0] != _NOT_CODED for bits in self._bits.values())

    def _add_band(self, identity: int, first: int, last: int, high: int, low: int) -> bool:
        bits = self._bits.get(identity)
        if bits is None:
            return False
        count = last + 1 - first
        if bits[first : last + 1] != bytes([high or _NOT_CODED]) * count:
            return False
        bits[first : last + 1] = bytes([low]) * count
        return True
