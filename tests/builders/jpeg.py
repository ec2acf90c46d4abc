"""A baseline JPEG, coded by hand (ITU-T T.81): flat blocks, one brightness each."""

from __future__ import annotations

import struct

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def segment(code: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload


def tables(blocks: int = 4) -> bytes:
    """Everything from the quantisation table to behind the scan: ``blocks`` grey blocks in a row."""
    quantisation = segment(0xDB, b"\x00" + b"\x01" * 64)
    frame = segment(0xC0, struct.pack(">BHHB", 8, 8, 8 * blocks, 1) + b"\x01\x11\x00")
    # DC sizes 0..7 in three bits each; of AC only "end of block", one bit.
    dc = segment(0xC4, b"\x00" + bytes([0, 0, 7]) + bytes(13) + bytes(range(7)))
    ac = segment(0xC4, b"\x10" + bytes([1]) + bytes(15) + b"\x00")
    return quantisation + frame + dc + ac + scan(blocks)


def scan(blocks: int = 4) -> bytes:
    bits = ""
    for block in range(blocks):
        difference = 40 + 3 * block
        size = difference.bit_length()
        bits += f"{size:03b}" + f"{difference:0{size}b}" + "0"
    bits += "1" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    return segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + coded


def jpeg(*before: bytes, after: bytes = b"", middle: bytes = b"", jfif: bytes = JFIF) -> bytes:
    """A JPEG with further segments before its tables, between tables and scan, and bytes behind its end."""
    body = tables()
    at = body.index(b"\xff\xda")
    return SOI + jfif + b"".join(before) + body[:at] + middle + body[at:] + EOI + after


def small(secret: bytes) -> bytes:
    """A picture inside a picture, with the secret in its comment."""
    return SOI + segment(0xFE, secret) + tables(2) + EOI
