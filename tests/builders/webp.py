"""WebP, with a lossless bitstream written by hand: one colour, no bit per pixel (RFC 9649, section 3)."""

from __future__ import annotations

import struct


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)


def vp8l(width: int = 8, height: int = 4, colour: tuple[int, int, int] = (40, 90, 140)) -> bytes:
    bits: list[tuple[int, int]] = [(width - 1, 14), (height - 1, 14), (0, 1), (0, 3)]
    bits += [(0, 1), (0, 1), (0, 1)]  # no transform, no colour cache, one group of codes
    green, red, blue = colour[1], colour[0], colour[2]
    for symbol in (green, red, blue, 255, 0):
        bits += [(1, 1), (0, 1), (1, 1), (symbol, 8)]  # a simple code of one symbol of eight bits
    value = position = 0
    for number, size in bits:
        value |= number << position
        position += size
    return b"\x2f" + value.to_bytes((position + 7) // 8, "little")


def riff(*chunks: bytes, tail: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body + tail


def vp8x(flags: int, width: int = 8, height: int = 4) -> bytes:
    return chunk(
        b"VP8X", bytes((flags, 0, 0, 0)) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )


def webp(*before: bytes, after: bytes = b"", flags: int = 0, tail: bytes = b"") -> bytes:
    """A still picture with further chunks around it."""
    return riff(vp8x(flags), *before, chunk(b"VP8L", vp8l()), after, tail=tail)


def animation(inside: bytes = b"", between: bytes = b"") -> bytes:
    """Two frames; ``inside`` lies in the second one, ``between`` them."""
    frame = (0).to_bytes(3, "little") * 2 + (7).to_bytes(3, "little") + (3).to_bytes(3, "little")
    frame += (100).to_bytes(3, "little") + b"\x00"
    first = chunk(b"ANMF", frame + chunk(b"VP8L", vp8l()))
    second = chunk(b"ANMF", frame + chunk(b"VP8L", vp8l(colour=(200, 10, 10))) + inside)
    return riff(vp8x(0x02), chunk(b"ANIM", b"\xff\xff\xff\xff\x00\x00"), first, between, second)
