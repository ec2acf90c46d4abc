"""Rewrites a PNG or APNG from an allow-list of chunks; the compressed pixels stay as they are.

PNG specification, third edition.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from photoguard.containers import icc
from photoguard.containers.orientation import orientation_only, read_orientation
from photoguard.containers.png.pixel_stream import PixelStream, StreamState, row_bytes
from photoguard.containers.values import NeedsReencode, ReencodeReason, Rewritten
from photoguard.domain import ImageFormat
from photoguard.errors import ProblemCode, Refused

MOST_MEGAPIXELS = 220
"""Above the largest sensors of phones; what inflates to more is refused rather than followed."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_TRANSPARENCY_BYTES = {0: 2, 2: 6}
_INDEXED = 3

# sRGB's gamma and chromaticities as PNG writes them, and what other writers round them to.
_SRGB_GAMMA, _SAME_GAMMA = 45455, 500
_SRGB_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
_SAME_CHROMATICITY = 200
_MOST_PROFILE_BYTES = 16 * 2**20
# ITU-T H.273: the primaries and transfer functions that are defined.
_CICP_PRIMARIES = frozenset({1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22})
_CICP_TRANSFERS = frozenset(range(1, 19)) - {2, 3}
_PIXELS = frozenset({b"IDAT", b"fdAT"})
_SRGB_CICP = b"\x01\x0d\x00\x01"


@dataclass
class _Source:
    header: bytes = b""
    palette: bytes | None = None
    transparency: bytes | None = None
    animation: bytes | None = None
    colour: dict[bytes, bytes] = field(default_factory=dict)
    orientation: int = 1
    pixels: list[bytes | memoryview] = field(default_factory=list)
    """Finished chunks: IDAT, fcTL, fdAT."""
    dropped: dict[str, None] = field(default_factory=dict)
    is_deviating: bool = False


class _Frame:
    """One frame's chunk of coded pixels, followed to its end."""

    def __init__(self, size: tuple[int, int], header: bytes) -> None:
        depth, colour, _, _, interlace = header[8:13]
        self.stream = PixelStream(row_bytes(*size, depth, colour, interlace))


def rewrite(data: bytes) -> Rewritten | NeedsReencode:
    """Rewrite a PNG losslessly: header, palette, transparency, pixels, animation, plain colour numbers.

    Bytes behind the compressed stream inside the last IDAT are cut off, as is all behind IEND.
    Raises ``Refused`` with TRUNCATED, MALFORMED or TOO_LARGE.
    """
    source = _Source()
    _walk(data, source)
    if source.is_deviating:
        return NeedsReencode(ImageFormat.PNG, ReencodeReason.MALFORMED)
    colour = _colour_chunks(source)
    if colour is None:
        return NeedsReencode(ImageFormat.PNG, ReencodeReason.PROFILE)
    chunks = [_SIGNATURE, _chunk(b"IHDR", source.header)]
    kept = sorted({_KEPT_WORD[chunk[4:8]] for chunk in colour} - {""})
    if source.animation is not None:
        chunks.append(_chunk(b"acTL", source.animation))
        kept.append("animation")
    chunks += colour
    if source.palette is not None:
        chunks.append(_chunk(b"PLTE", source.palette))
    if source.transparency is not None:
        chunks.append(_chunk(b"tRNS", source.transparency))
    if source.orientation != 1:
        chunks.append(_chunk(b"eXIf", orientation_only(source.orientation)))
        kept.append("orientation")
    rewritten = b"".join([*chunks, *source.pixels, _chunk(b"IEND", b"")])
    return Rewritten(rewritten, ImageFormat.PNG, source.orientation, tuple(kept), tuple(source.dropped))


_KEPT_WORD = {
    b"sRGB": "",
    b"iCCP": "colour_profile",
    b"cICP": "colour_profile",
    b"gAMA": "gamma",
    b"cHRM": "gamma",
}


def _walk(data: bytes, source: _Source) -> None:
    frame: _Frame | None = None
    frames_of_animation = 0
    sequence = 0
    for name, held, whole, is_intact in _chunks(data, source):
        # pixels are many: of them nothing is copied before the new file is put together
        content = b"" if name in _PIXELS else bytes(held)
        if not source.header:
            if name != b"IHDR" or not is_intact or not _is_header(content):
                raise Refused(ProblemCode.MALFORMED, place="IHDR")
            width, height = _size(content)
            if width * height > MOST_MEGAPIXELS * 10**6:
                raise Refused(ProblemCode.TOO_LARGE, width=width, height=height, limit_megapixels=MOST_MEGAPIXELS)
            source.header = content
            continue
        is_critical = not name[0] & 0x20
        if not is_intact:
            if is_critical:
                raise Refused(ProblemCode.MALFORMED, place=_spelled(name))
            if name in {b"acTL", b"fcTL", b"fdAT", b"tRNS"}:
                source.is_deviating = True
            source.dropped[_spelled(name)] = None
            continue
        if name == b"IDAT":
            if frame is None:
                frame = _Frame(_size(source.header), source.header)
            elif source.pixels and source.pixels[-1][4:8] != b"IDAT":
                source.is_deviating = True
            used = frame.stream.feed(held)
            if used < len(held):
                source.dropped["IDAT/trailer"] = None
            if used:
                source.pixels.append(whole if used == len(held) else _chunk(b"IDAT", held[:used]))
        elif name == b"PLTE" and source.header[9] == _INDEXED and frame is None:
            if source.palette is not None or len(content) % 3 or not 3 <= len(content) <= 768:
                raise Refused(ProblemCode.MALFORMED, place="PLTE")
            source.palette = content[: 3 << source.header[8]]
        elif name == b"tRNS" and frame is None:
            _take_transparency(content, source)
        elif name == b"acTL" and frame is None and len(content) == 8:
            source.is_deviating |= source.animation is not None
            source.animation = content
        elif name == b"fcTL" and source.animation is not None:
            _check_frame(frame, source)
            if not _is_frame_control(content, sequence, source.header):
                source.is_deviating = True
                continue
            sequence += 1
            frames_of_animation += 1
            if frame is not None or any(chunk[4:8] == b"fcTL" for chunk in source.pixels):
                width, height = struct.unpack_from(">II", content, 4)
                frame = _Frame((width, height), source.header)
            source.pixels.append(_chunk(b"fcTL", content))
        elif name == b"fdAT" and source.animation is not None:
            if frame is None or int.from_bytes(held[:4], "big") != sequence or not frames_of_animation:
                source.is_deviating = True
                continue
            sequence += 1
            used = frame.stream.feed(held[4:])
            if used < len(held) - 4:
                source.dropped["fdAT/trailer"] = None
            source.pixels.append(whole if used == len(held) - 4 else _chunk(b"fdAT", held[: 4 + used]))
        else:
            if is_critical and name != b"PLTE":
                raise Refused(ProblemCode.MALFORMED, place=_spelled(name))
            _take_note(name, content, source, before_pixels=frame is None)
    if frame is None:
        raise Refused(ProblemCode.MALFORMED, place="IDAT")
    if source.header[9] == _INDEXED and source.palette is None:
        raise Refused(ProblemCode.MALFORMED, place="PLTE")
    _check_frame(frame, source)
    if source.animation is not None and int.from_bytes(source.animation[:4], "big") != frames_of_animation:
        source.is_deviating = True


def _check_frame(frame: _Frame | None, source: _Source) -> None:
    if frame is not None and frame.stream.state is not StreamState.EXACT:
        source.is_deviating = True


def _chunks(data: bytes, source: _Source) -> Iterator[tuple[bytes, memoryview, memoryview, bool]]:
    """Yield name, content, the whole chunk and whether the checksum is right, up to IEND."""
    view = memoryview(data)
    at = len(_SIGNATURE)
    while True:
        if at + 12 > len(data):
            raise Refused(ProblemCode.TRUNCATED)
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise Refused(ProblemCode.TRUNCATED)
        if name == b"IEND":
            if length:
                source.dropped["IEND"] = None
            if end < len(data):
                source.dropped["trailer"] = None
            return
        content = view[at + 8 : end - 4]
        checksum = zlib.crc32(content, zlib.crc32(name))
        yield name, content, view[at:end], checksum == int.from_bytes(data[end - 4 : end], "big")
        at = end


def _is_header(header: bytes) -> bool:
    if len(header) != 13:
        return False
    width, height = _size(header)
    depth, colour, compression, filtering, interlace = header[8:13]
    is_plain = compression == 0 and filtering == 0 and interlace <= 1
    return 0 < width < 2**31 and 0 < height < 2**31 and depth in _DEPTHS.get(colour, ()) and is_plain


def _size(header: bytes) -> tuple[int, int]:
    return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")


def _is_frame_control(content: bytes, sequence: int, header: bytes) -> bool:
    if len(content) != 26:
        return False
    number, width, height, left, top = struct.unpack_from(">5I", content)
    canvas_width, canvas_height = _size(header)
    fits = left + width <= canvas_width and top + height <= canvas_height and width > 0 and height > 0
    return number == sequence and fits and content[24] <= 2 and content[25] <= 1


def _take_transparency(content: bytes, source: _Source) -> None:
    colour = source.header[9]
    if colour == _INDEXED:
        is_right = source.palette is not None and 0 < len(content) <= len(source.palette) // 3
    else:
        is_right = len(content) == _TRANSPARENCY_BYTES.get(colour, -1)
    if is_right and source.transparency is None:
        source.transparency = content
    elif colour in {4, 6}:
        source.dropped["tRNS"] = None
    else:
        source.is_deviating = True


def _take_note(name: bytes, content: bytes, source: _Source, *, before_pixels: bool) -> None:
    source.dropped[_spelled(name)] = None
    if name == b"eXIf" and source.orientation == 1:
        source.orientation = read_orientation(content)
    elif name in {b"sRGB", b"gAMA", b"cHRM", b"iCCP", b"cICP"} and before_pixels:
        source.colour.setdefault(name, content)


def _colour_chunks(source: _Source) -> list[bytes] | None:
    """Write what says how to read the numbers as colours; None when only a conversion keeps them.

    The order of belief is the specification's (4.3): cICP, iCCP, sRGB, then gAMA with cHRM.
    """
    found = source.colour
    chunks = []
    code = found.get(b"cICP", b"")
    if _is_code_point(code) and code != _SRGB_CICP:
        chunks.append(_chunk(b"cICP", code))
    if b"iCCP" in found:
        substitute = icc.canonical(_inflated_profile(found[b"iCCP"]), 1 if source.header[9] in {0, 4} else 3)
        if substitute.verdict is icc.Verdict.CONVERT:
            return None
        if substitute.verdict is icc.Verdict.REPLACE:
            chunks.append(_chunk(b"iCCP", b"ICC\x00\x00" + zlib.compress(substitute.profile, 9)))
        return chunks
    if b"sRGB" in found:
        intent = found[b"sRGB"]
        return [*chunks, _chunk(b"sRGB", intent)] if len(intent) == 1 and intent[0] <= 3 else chunks
    return chunks + _gamma_chunks(found.get(b"gAMA", b""), found.get(b"cHRM", b""))


def _is_code_point(code: bytes) -> bool:
    return (
        len(code) == 4 and code[0] in _CICP_PRIMARIES and code[1] in _CICP_TRANSFERS and code[2] == 0 and code[3] <= 1
    )


def _gamma_chunks(gamma_chunk: bytes, chromaticity_chunk: bytes) -> list[bytes]:
    gamma = int.from_bytes(gamma_chunk, "big") if len(gamma_chunk) == 4 else 0
    points = struct.unpack(">8I", chromaticity_chunk) if len(chromaticity_chunk) == 32 else ()
    if not 1000 <= gamma <= 1_000_000:
        gamma = 0
    if not points or max(points) > 100_000 or not (points[1] and points[3] and points[5] and points[7]):
        points = ()
    is_srgb_gamma = not gamma or abs(gamma - _SRGB_GAMMA) <= _SAME_GAMMA
    is_srgb_gamut = not points or all(
        abs(a - b) <= _SAME_CHROMATICITY for a, b in zip(points, _SRGB_CHROMATICITIES, strict=True)
    )
    if is_srgb_gamma and is_srgb_gamut:
        return []
    chunks = [_chunk(b"gAMA", struct.pack(">I", gamma))] if gamma else []
    if points and not is_srgb_gamut:
        chunks.append(_chunk(b"cHRM", struct.pack(">8I", *points)))
    return chunks


def _inflated_profile(content: bytes) -> bytes:
    name_end = content.find(b"\x00", 0, 80)
    if name_end < 0 or content[name_end + 1 : name_end + 2] != b"\x00":
        return b""
    # A table of colours packs to a quarter at best; what inflates to more is none.
    most = min(_MOST_PROFILE_BYTES, 4 * len(content) + (1 << 17))
    try:
        return zlib.decompressobj().decompress(content[name_end + 2 :], most)
    except zlib.error:
        return b""


def _spelled(name: bytes) -> str:
    """Spell a chunk's name; a name that is no name is not repeated, it may be a secret."""
    return name.decode("ascii") if name.isalpha() and name.isascii() else "unknown"


def _chunk(name: bytes, content: bytes | memoryview) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + bytes(content)
        + struct.pack(">I", zlib.crc32(content, zlib.crc32(name)))
    )
