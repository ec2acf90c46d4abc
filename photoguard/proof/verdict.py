"""What the grammars share: collecting findings, and the byte patterns of the two blocks that may stay."""

from __future__ import annotations

import struct

from photoguard.domain import Finding, FindingKind

_MOST_FINDINGS = 1000


class Residue:
    """Collects what does not belong; stops counting where a file is nothing but findings."""

    def __init__(self, size_bytes: int) -> None:
        self._size = size_bytes
        self._found: list[Finding] = []

    def add(self, place: str, start: int, end: int) -> None:
        if len(self._found) < _MOST_FINDINGS:
            self._found.append(Finding(FindingKind.UNKNOWN, place, max(0, min(end, self._size) - start)))

    @property
    def is_full(self) -> bool:
        """Whether there is no need to look any further."""
        return len(self._found) >= _MOST_FINDINGS

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._found)


_ONE_TAG = bytes.fromhex("4d4d002a00000008000101120003000000010000000000000000")
_VALUE_AT = 19


def is_orientation_only(tiff: bytes) -> bool:
    """Whether these are the 26 bytes of a directory with one entry, orientation 2..8."""
    if len(tiff) != len(_ONE_TAG) or not 2 <= tiff[_VALUE_AT] <= 8:
        return False
    return tiff[:_VALUE_AT] + b"\x00" + tiff[_VALUE_AT + 1 :] == _ONE_TAG


_PROFILE_START = bytes.fromhex("00000000 04300000 6d6e7472")
_PROFILE_MIDDLE = bytes.fromhex(
    "58595a20 07d0 0001 0001 0000 0000 0000 61637370"
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000"
    "0000f6d6 00010000 0000d32d"
) + bytes(48)  # fmt: skip
_MEANINGLESS_TEXT = bytes.fromhex("6d6c7563 00000000 00000001 0000000c 656e5553 00000006 0000001c 005200470042")
_WHITE = bytes.fromhex("58595a20 00000000 0000f6d6 00010000 0000d32d")
_COLUMNS = (b"rXYZ", b"gXYZ", b"bXYZ")
_EXPECTED_TAGS = {
    b"RGB ": (b"desc", b"cprt", b"wtpt", *_COLUMNS, b"rTRC", b"gTRC", b"bTRC"),
    b"GRAY": (b"desc", b"cprt", b"wtpt", b"kTRC"),
}
_CURVE_TABLE_BYTES = 12 + 2 * 256


def is_canonical_profile(profile: bytes) -> bool:
    """Whether this profile holds colour numbers and otherwise only constants, with no byte between."""
    space = profile[16:20]
    names = _EXPECTED_TAGS.get(space)
    if names is None or len(profile) < 132 + 12 * len(names):
        return False
    size, count = int.from_bytes(profile[:4], "big"), int.from_bytes(profile[128:132], "big")
    is_header = profile[4:16] == _PROFILE_START and profile[20:128] == _PROFILE_MIDDLE
    if size != len(profile) or count != len(names) or not is_header:
        return False
    body = 132 + 12 * count
    spans: dict[int, int] = {}
    for index, expected in enumerate(names):
        name, start, length = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        element = profile[start : start + length]
        if name != expected or start < body or start + length > size or not _is_element(name, element):
            return False
        spans[start] = start + length
    reached = body
    for start in sorted(spans):
        if not 0 <= start - reached < 4 or any(profile[reached:start]):
            return False
        reached = spans[start]
    return len(profile) - reached < 4 and not any(profile[reached:])


def _is_element(name: bytes, element: bytes) -> bool:
    if name in {b"desc", b"cprt"}:
        return element == _MEANINGLESS_TEXT
    if name == b"wtpt":
        return element == _WHITE
    if name in _COLUMNS:
        return len(element) == 20 and element[:8] == b"XYZ \x00\x00\x00\x00"
    if element[:8] == b"para\x00\x00\x00\x00":
        kind = element[8:12]
        return (kind == b"\x00\x00\x00\x00" and len(element) == 16) or (
            kind == b"\x00\x03\x00\x00" and len(element) == 32
        )
    return element[:12] == b"curv\x00\x00\x00\x00\x00\x00\x01\x00" and len(element) == _CURVE_TABLE_BYTES
