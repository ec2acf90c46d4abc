"""The JPEG that may leave the house (ITU-T T.81): colour marker, Exif of one tag, profile, tables, scans."""

from __future__ import annotations

import re
from collections.abc import Callable

from photoguard.proof.verdict import Residue, is_canonical_profile, is_orientation_only

_JFIF = bytes.fromhex("4a46494600 0101 00 0001 0001 00 00")
_ADOBE = bytes.fromhex("41646f6265 0064 0000 0000")
_EXIF = bytes.fromhex("457869660000")
_PROFILE = bytes.fromhex("4943435f50524f46494c4500 01 01")
_ENDS_CODED = re.compile(rb"\xff[\x01-\xcf\xd8-\xff]")
_FILL_IN_CODED = re.compile(rb"\xff\xff+[\x00\xd0-\xd7]")
_NOT_CODED = 255
_FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)


def judge_jpeg(data: bytes, allow_orientation: bool, found: Residue) -> None:
    """Report everything in ``data`` that is not the one picture it must be."""
    _Judge(data, allow_orientation, found).run()


class _Judge:
    def __init__(self, data: bytes, allow_orientation: bool, found: Residue) -> None:
        self._data = data
        self._found = found
        self._may_turn = allow_orientation
        self._frame = b""
        self._is_progressive = False
        self._once: set[str] = set()
        self._coded: dict[int, bytearray] = {}
        """By component: the lowest bit coded so far of each of its 64 coefficients; 255: none."""

    def run(self) -> None:
        at = 2
        while not self._found.is_full:
            start = at
            if self._data[at : at + 1] != b"\xff" or at + 1 >= len(self._data):
                self._found.add("between_segments", start, len(self._data))
                return
            code = self._data[at + 1]
            if code == 0xD9:
                if at + 2 != len(self._data):
                    self._found.add("trailer", at + 2, len(self._data))
                if not self._frame or not self._is_whole():
                    self._found.add("no_picture", 0, len(self._data))
                return
            length = int.from_bytes(self._data[at + 2 : at + 4], "big")
            end = at + 2 + length
            if length < 2 or end > len(self._data):
                self._found.add("between_segments", start, len(self._data))
                return
            body = self._data[at + 4 : end]
            if not self._is_allowed(code, body):
                self._found.add(f"segment_{code:02X}", start, end)
            at = end
            if code == 0xDA:
                at = self._end_of_coded(end)

    def _end_of_coded(self, at: int) -> int:
        """Step to the marker that ends the scan, over fill bytes behind which coded data goes on."""
        while (found := _ENDS_CODED.search(self._data, at)) is not None:
            at = found.start()
            fill = _FILL_IN_CODED.match(self._data, at)
            if fill is None:
                return at
            at = fill.end()
        return len(self._data)

    def _is_allowed(self, code: int, body: bytes) -> bool:
        if code == 0xDA:
            return self._takes_scan(body)
        if code == 0xDB:
            return _is_partition(body, lambda at: 65 + 64 * (body[at] >> 4) if body[at] & 0xEC == 0 else 0)
        if code == 0xC4:
            return _is_partition(body, lambda at: _huffman_bytes(body, at))
        if code == 0xCC:
            return len(body) in range(2, 65, 2)
        if code == 0xDD:
            return len(body) == 2
        if code == 0xDC:
            return len(body) == 2 and bool(self._coded) and self._is_first("DNL")
        if code in _FRAMES:
            return self._takes_frame(code, body)
        if self._frame or self._coded:
            return False  # what follows is read only before the frame
        if code == 0xE0:
            return body == _JFIF and self._is_first("colour")
        if code == 0xEE:
            return body[:-1] == _ADOBE and body[-1] <= 2 and self._is_first("colour")
        if code == 0xE1:
            is_turn = body[:6] == _EXIF and is_orientation_only(body[6:])
            return self._may_turn and is_turn and self._is_first("turn")
        if code == 0xE2:
            is_ours = body[:14] == _PROFILE and is_canonical_profile(body[14:])
            return is_ours and self._is_first("profile")
        return False

    def _is_first(self, name: str) -> bool:
        is_first = name not in self._once
        self._once.add(name)
        return is_first

    def _takes_frame(self, code: int, body: bytes) -> bool:
        is_exact = len(body) >= 9 and 1 <= body[5] <= 4 and len(body) == 6 + 3 * body[5]
        if self._frame or not is_exact:
            return False
        self._frame = body[6::3]
        self._is_progressive = code in (0xC2, 0xC6, 0xCA, 0xCE)
        return len(set(self._frame)) == len(self._frame)

    def _takes_scan(self, body: bytes) -> bool:
        """Every coefficient of every component once, refined bit by bit: no second picture."""
        if not body or len(body) != 4 + 2 * body[0]:
            return False
        first, last, before, after = 0, 63, _NOT_CODED, 0
        if self._is_progressive:
            first, last = body[-3], body[-2]
            before, after = body[-1] >> 4 or _NOT_CODED, body[-1] & 15
        size = last + 1 - first
        if size < 1 or last > 63:
            return False
        is_new = True
        for component in body[1:-3:2]:
            coded = self._coded.setdefault(component, bytearray([_NOT_CODED]) * 64)
            is_new &= component in self._frame and coded[first : last + 1] == bytes([before]) * size
            coded[first : last + 1] = bytes([after]) * size
        return is_new

    def _is_whole(self) -> bool:
        return all(self._coded.get(component, b"\xff")[0] != _NOT_CODED for component in self._frame)


def _is_partition(body: bytes, size_at: Callable[[int], int]) -> bool:
    at = 0
    while at < len(body):
        size = size_at(at)
        if size <= 0:
            return False
        at += size
    return at == len(body) > 0


def _huffman_bytes(body: bytes, at: int) -> int:
    symbols = sum(body[at + 1 : at + 17])
    return 17 + symbols if body[at] & 0xEC == 0 and symbols <= 256 else 0
