"""Replaces a colour profile by a canonical one: the same colours, none of the file's own bytes.

Numbers are those of ICC.1:2022. Descriptions, dates, makers and vendor tags name devices and
programs; only the primaries and the tone curves say what the pixels mean.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

Matrix = tuple[float, ...]
"""X, Y, Z of red, then green, then blue, relative to D50."""
Curve = tuple[float, ...]
"""Linear light 0..1 of the 256 levels."""

_SRGB: Matrix = (0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410)
_KNOWN_SPACES: tuple[Matrix, ...] = (
    _SRGB,
    (0.51512, 0.24120, -0.00105, 0.29198, 0.69225, 0.04189, 0.15710, 0.06657, 0.78407),  # Display P3
    (0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457),  # Adobe RGB (1998)
)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_KNOWN_GAMMAS = (563 / 256, 1.8, 2.2, 1.0)

# Primaries of one space differ by rounding and adaptation method between makers by less than this.
_SAME_PRIMARY = 0.0025
# In levels of 8 bits after sRGB's curve: less than a decoder's own rounding.
_SAME_LEVEL = 0.75

_MOST_TAGS = 100
_SMALL_BYTES = 1 << 16
_MOST_CURVE_ENTRIES = 65_536
_TABLE_ENTRIES = 256
_LUTS = frozenset({b"A2B0", b"A2B1", b"A2B2", b"D2B0", b"D2B1", b"D2B2", b"D2B3"})


class Verdict(StrEnum):
    NONE = "none"
    """The profile says sRGB, or cannot be read and is ignored by decoders: write none."""
    REPLACE = "replace"
    CONVERT = "convert"
    """Only a conversion of the pixels keeps the colours."""


@dataclass(frozen=True)
class Canonical:
    """What to write instead of a profile."""

    verdict: Verdict
    profile: bytes = b""


def canonical(profile: bytes, components: int) -> Canonical:
    """Decide what stands for this profile in a photo with 1, 3 or 4 colour components. Never fails."""
    work = _remembered if len(profile) <= _SMALL_BYTES else _canonical
    try:
        return work(bytes(profile), components)
    except (struct.error, ValueError, OverflowError, ZeroDivisionError, KeyError):
        return Canonical(Verdict.NONE)


@lru_cache(maxsize=32)
def _remembered(profile: bytes, components: int) -> Canonical:
    """The photos of a folder share few profiles, and each is looked at before, while and after rewriting."""
    return _canonical(profile, components)


def _canonical(profile: bytes, components: int) -> Canonical:
    if len(profile) < 132 or profile[36:40] != b"acsp":
        return Canonical(Verdict.NONE)
    space = profile[16:20]
    if space != {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}.get(components):
        # Decoders ignore a profile that speaks of other components.
        return Canonical(Verdict.NONE)
    tags = _tags(profile)
    if space == b"CMYK" or tags.keys() & _LUTS or profile[12:16] in {b"link", b"abst", b"nmcl"}:
        return Canonical(Verdict.CONVERT)
    if space == b"GRAY":
        return _canonical_grey(_curve(tags[b"kTRC"]))
    matrix = tuple(number for name in (b"rXYZ", b"gXYZ", b"bXYZ") for number in _xyz(tags[name]))
    curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
    for known in _KNOWN_SPACES:
        if max(abs(a - b) for a, b in zip(matrix, known, strict=True)) < _SAME_PRIMARY:
            matrix = known
    if matrix == _SRGB and all(_is_same(curve, _parametric(_SRGB_CURVE)) for curve in curves):
        return Canonical(Verdict.NONE)
    return Canonical(Verdict.REPLACE, _build_rgb(matrix, curves))


def _canonical_grey(curve: Curve) -> Canonical:
    # Grey without a profile is shown with sRGB's curve.
    if _is_same(curve, _parametric(_SRGB_CURVE)):
        return Canonical(Verdict.NONE)
    return Canonical(Verdict.REPLACE, _assemble(b"GRAY", [(b"kTRC", _curve_bytes(curve))]))


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    found: dict[bytes, bytes] = {}
    for index in range(min(count, _MOST_TAGS)):
        name, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        found.setdefault(name, profile[start : start + size])
    return found


def _xyz(tag: bytes) -> tuple[float, float, float]:
    if tag[:4] != b"XYZ ":
        raise ValueError
    x, y, z = struct.unpack_from(">iii", tag, 8)
    return x / 65536, y / 65536, z / 65536


def _curve(tag: bytes) -> Curve:
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return _power(1.0)
        if count == 1:
            return _power(struct.unpack_from(">H", tag, 12)[0] / 256)
        if count > _MOST_CURVE_ENTRIES:
            raise ValueError
        return _sampled(struct.unpack_from(f">{count}H", tag, 12))
    if tag[:4] == b"para":
        (kind,) = struct.unpack_from(">H", tag, 8)
        size = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}[kind]
        numbers = [number / 65536 for number in struct.unpack_from(f">{size}i", tag, 12)]
        return _parametric_of(kind, numbers)
    raise ValueError


def _sampled(table: tuple[int, ...]) -> Curve:
    last = len(table) - 1
    levels = []
    for level in range(256):
        place = level / 255 * last
        low = min(int(place), last - 1)
        part = place - low
        levels.append((table[low] * (1 - part) + table[low + 1] * part) / 65535)
    return tuple(levels)


def _power(gamma: float) -> Curve:
    return tuple((level / 255) ** gamma for level in range(256))


def _parametric(numbers: tuple[float, ...]) -> Curve:
    return _parametric_of(3, list(numbers))


def _parametric_of(kind: int, numbers: list[float]) -> Curve:
    """Evaluate a parametric curve, ICC.1:2022 table 68."""
    gamma = numbers[0]
    a, b = (numbers[1], numbers[2]) if kind else (1.0, 0.0)
    slope, start, above, below = 0.0, 0.0, 0.0, 0.0
    if kind in {1, 2}:
        start = -b / a
    if kind == 2:
        above = below = numbers[3]
    if kind >= 3:
        slope, start = numbers[3], numbers[4]
    if kind == 4:
        above, below = numbers[5], numbers[6]
    levels = []
    for level in range(256):
        x = level / 255
        y = max(a * x + b, 0.0) ** gamma + above if x >= start else slope * x + below
        levels.append(min(max(y, 0.0), 1.0))
    return tuple(levels)


def _to_srgb_level(linear: float) -> float:
    return 255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)


def _is_same(one: Curve, other: Curve) -> bool:
    return all(abs(_to_srgb_level(a) - _to_srgb_level(b)) <= _SAME_LEVEL for a, b in zip(one, other, strict=True))


def _curve_bytes(curve: Curve) -> bytes:
    """Describe a curve by as few numbers as keep it the same: they could tell one calibrated screen."""
    if _is_same(curve, _parametric(_SRGB_CURVE)):
        return _para(3, _SRGB_CURVE)
    for gamma in (*_KNOWN_GAMMAS, *(hundredths / 100 for hundredths in range(50, 351))):
        if _is_same(curve, _power(gamma)):
            return _para(0, (gamma,))
    table = [round(level * 65535) for level in curve]
    return b"curv" + struct.pack(f">II{_TABLE_ENTRIES}H", 0, _TABLE_ENTRIES, *table)


def _para(kind: int, numbers: tuple[float, ...]) -> bytes:
    fixed = [round(number * 65536) for number in numbers]
    return b"para" + struct.pack(f">IHH{len(fixed)}i", 0, kind, 0, *fixed)


def _build_rgb(matrix: Matrix, curves: tuple[Curve, ...]) -> bytes:
    tags = [(name, _xyz_bytes(matrix[at : at + 3])) for name, at in ((b"rXYZ", 0), (b"gXYZ", 3), (b"bXYZ", 6))]
    for name, curve in zip((b"rTRC", b"gTRC", b"bTRC"), curves, strict=True):
        tags.append((name, _curve_bytes(curve)))
    return _assemble(b"RGB ", tags)


def _xyz_bytes(numbers: tuple[float, ...]) -> bytes:
    # Four decimals: a fifth of a level, and too coarse to tell one calibrated screen from the next.
    return b"XYZ \x00\x00\x00\x00" + struct.pack(">iii", *(round(round(n, 4) * 65536) for n in numbers))


def _assemble(space: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    # The standard demands a description and a copyright: both say "RGB" and mean nothing.
    text = b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", 6, 28) + "RGB".encode("utf-16-be")
    white = b"XYZ \x00\x00\x00\x00" + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D)
    elements = [(b"desc", text), (b"cprt", text), (b"wtpt", white), *tags]
    start = 128 + 4 + 12 * len(elements)
    table, body, places = b"", b"", dict[bytes, int]()
    for name, content in elements:
        if content not in places:
            places[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", name, places[content], len(content))
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s28xIII48x",
        size, bytes(4), 0x04300000, b"mntr", space, b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp",
        0xF6D6, 0x10000, 0xD32D,
    )  # fmt: skip
    return header + struct.pack(">I", len(elements)) + table + body
