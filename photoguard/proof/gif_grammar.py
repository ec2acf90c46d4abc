"""The GIF that may leave the house (GIF89a): screen, tables, timing, frames, one loop count."""

from __future__ import annotations

from photoguard.proof.verdict import Residue

_LOOP = b"\x0bNETSCAPE2.0\x03\x01"


def judge_gif(data: bytes, allow_orientation: bool, found: Residue) -> None:  # noqa: ARG001 - GIF has none
    """Report everything in ``data`` that is not the one picture or animation it must be."""
    if len(data) < 13 or data[12]:
        found.add("screen", 0, len(data))
        return
    at = 13 + _table_bytes(data[10])
    frames = loops = 0
    has_control = False
    while at < len(data) and not found.is_full:
        start = at
        match data[at]:
            case 0x3B:
                if at + 1 != len(data):
                    found.add("trailer", at + 1, len(data))
                if not frames or has_control:
                    found.add("no_picture", 0, len(data))
                return
            case 0x2C:
                flags = data[at + 9] if at + 9 < len(data) else 0x18
                at = _after_sub_blocks(data, at + 11 + _table_bytes(flags))
                is_right = not flags & 0x18
                frames += 1
                has_control = False
            case 0x21 if data[at + 1 : at + 3] == b"\xf9\x04":
                is_right = not has_control and data[at + 7 : at + 8] == b"\x00" and not data[at + 3] & 0xE0
                has_control = True
                at += 8
            case 0x21 if data[at + 1 : at + 2] == b"\xff":
                loops += 1
                is_right = loops == 1 and data[at + 2 : at + 16] == _LOOP and data[at + 18 : at + 19] == b"\x00"
                at = at + 19 if is_right else _after_sub_blocks(data, at + 2)
            case 0x21:
                is_right = False
                at = _after_sub_blocks(data, at + 2)
            case _:
                found.add("between_blocks", at, len(data))
                return
        if not is_right:
            found.add("block", start, at)
    found.add("no_end", len(data), len(data))


def _table_bytes(flags: int) -> int:
    return 3 * 2 ** (flags % 8 + 1) if flags >= 128 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data):
        size = data[at]
        at += size + 1
        if not size:
            break
    return at
