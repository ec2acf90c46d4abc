"""The WebP that may leave the house (RFC 9649): true flags, one picture or frames, no other chunk."""

from __future__ import annotations

from photoguard.proof.verdict import Residue, is_canonical_profile, is_orientation_only

_STREAMS = (b"VP8 ", b"VP8L")
_PROFILE_FLAG, _ALPHA_FLAG, _EXIF_FLAG, _MOVES_FLAG = 0x20, 0x10, 0x08, 0x02

_Part = tuple[bytes, int, int, int]
"""Name, where the chunk starts, where its payload starts, where the payload ends."""


def judge_webp(data: bytes, allow_orientation: bool, found: Residue) -> None:
    """Report everything in ``data`` that is not the one picture or animation it must be."""
    if data[8:12] != b"WEBP" or int.from_bytes(data[4:8], "little") != len(data) - 8:
        found.add("riff", 0, len(data))
        return
    parts = _parts(data, 12, len(data), found)
    names = [part[0] for part in parts]
    if len(names) == 1 and names[0] in _STREAMS:
        return
    if not names or names[0] != b"VP8X":
        found.add("riff", 12, len(data))
        return
    _, start, at, end = parts[0]
    flags = data[at] if end > at else 0
    if end - at != 10 or any(data[at + 1 : at + 4]) or flags & ~0x3A:
        found.add("chunk_VP8X", start, end)

    rest = parts[1:]
    expected = flags & (_PROFILE_FLAG | _EXIF_FLAG | _MOVES_FLAG)
    seen = 0
    order: list[bytes] = []
    for name, start, at, end in rest:
        body = data[at:end]
        is_right = False
        if name == b"ICCP":
            is_right = not order and is_canonical_profile(body)
            seen |= _PROFILE_FLAG
        elif name == b"EXIF":
            is_right = allow_orientation and is_orientation_only(body) and b"EXIF" not in order
            seen |= _EXIF_FLAG
        elif name == b"ANIM":
            is_right = len(body) == 6 and set(order) <= {b"ICCP"}
            seen |= _MOVES_FLAG
        elif name == b"ANMF":
            is_right = b"ANIM" in order and b"EXIF" not in order and _is_frame(data, at, end, found)
        elif name == b"ALPH":
            is_right = set(order) <= {b"ICCP"} and bool(flags & _ALPHA_FLAG)
        elif name in _STREAMS:
            is_right = set(order) <= ({b"ICCP", b"ALPH"} if name == b"VP8 " else {b"ICCP"})
        if not is_right:
            found.add("chunk_" + _spelled(name), start, end)
        order.append(name)
    if seen != expected:
        found.add("chunk_VP8X", parts[0][1], parts[0][3])
    if not any(name in (b"ANMF", *_STREAMS) for name in order):
        found.add("no_picture", 0, len(data))


def _parts(data: bytes, at: int, end: int, found: Residue) -> list[_Part]:
    """Cut a span into chunks; what does not fit, and padding that is not zero, is reported."""
    parts: list[_Part] = []
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        payload_end = at + 8 + size
        if at + 8 > end or payload_end + size % 2 > end:
            found.add("between_chunks", at, end)
            return parts
        parts.append((data[at : at + 4], at, at + 8, payload_end))
        if size % 2 and data[payload_end]:
            found.add("padding", payload_end, payload_end + 1)
        at = payload_end + size % 2
    return parts


def _is_frame(data: bytes, at: int, end: int, found: Residue) -> bool:
    if end - at < 16 or data[at + 15] & 0xFC:
        return False
    names = [part[0] for part in _parts(data, at + 16, end, found)]
    return names in ([b"VP8 "], [b"VP8L"], [b"ALPH", b"VP8 "])


def _spelled(name: bytes) -> str:
    return name.decode("ascii").strip() if name.strip().isalnum() and name.isascii() else "unknown"
