"""GIF89a, with frames of uncompressed codes."""

from __future__ import annotations

import struct

LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def sub_blocks(body: bytes) -> bytes:
    parts = [body[at : at + 255] for at in range(0, len(body), 255)]
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\x00"


def extension(label: int, body: bytes) -> bytes:
    return bytes((0x21, label)) + sub_blocks(body)


def application(name: bytes, body: bytes) -> bytes:
    return b"\x21\xff\x0b" + name + sub_blocks(body)


def frame(first: int = 0, width: int = 4, height: int = 2) -> bytes:
    """A frame of a 4-colour palette; a clear code before each pixel keeps the codes three bits wide."""
    bits = ""
    for number in range(width * height):
        for code in (4, (first + number) % 4):
            bits = f"{code:03b}" + bits
    bits = f"{5:03b}" + bits
    size = (len(bits) + 7) // 8
    coded = int(bits, 2).to_bytes(size, "little")
    return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02" + sub_blocks(coded)


def control(hundredths: int = 10) -> bytes:
    return b"\x21\xf9\x04\x00" + struct.pack("<H", hundredths) + b"\x00\x00"


def gif(*before: bytes, between: bytes = b"", after: bytes = b"", tail: bytes = b"") -> bytes:
    """Two frames with further blocks around them."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 4, 2, 0x81, 0, 0)
    palette = bytes((0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255))
    return (
        screen + palette + LOOP + b"".join(before) + control() + frame() + between + control() + frame(2) + after
        + b"\x3b" + tail
    )  # fmt: skip
