"""Rewrites a WebP from an allow-list of RIFF chunks; the coded frames stay as they are (RFC 9649)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from photoguard.containers import icc
from photoguard.containers.orientation import orientation_only, read_orientation
from photoguard.containers.values import NeedsReencode, ReencodeReason, Rewritten
from photoguard.domain import ImageFormat
from photoguard.errors import ProblemCode, Refused

_ICC_FLAG, _ALPHA_FLAG, _EXIF_FLAG, _ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x02
_FRAME_HEADER = 16
_BITSTREAMS = frozenset({b"VP8 ", b"VP8L"})


@dataclass
class _Source:
    extended: bytes | None = None
    animation: bytes | None = None
    alpha: memoryview | None = None
    picture: tuple[bytes, memoryview] | None = None
    frames: list[bytes] = field(default_factory=list)
    profile: bytes = b""
    orientation: int = 1
    dropped: dict[str, None] = field(default_factory=dict)


def rewrite(data: bytes) -> Rewritten | NeedsReencode:
    """Rewrite a WebP losslessly: bitstreams, alpha, animation, and a VP8X header whose flags are true.

    Raises ``Refused`` with TRUNCATED or MALFORMED.
    """
    source = _Source()
    _walk(data, source)
    if source.animation is None and source.picture is None:
        raise Refused(ProblemCode.MALFORMED, place="frames")
    substitute = icc.canonical(source.profile, 3) if source.profile else icc.Canonical(icc.Verdict.NONE)
    if substitute.verdict is icc.Verdict.CONVERT:
        return NeedsReencode(ImageFormat.WEBP, ReencodeReason.PROFILE)
    profile = substitute.profile if substitute.verdict is icc.Verdict.REPLACE else b""
    exif = orientation_only(source.orientation) if source.orientation != 1 else b""

    chunks: list[bytes] = []
    if profile:
        chunks.append(_chunk(b"ICCP", profile))
    if source.animation is not None:
        if not source.frames:
            raise Refused(ProblemCode.MALFORMED, place="frames")
        chunks += [_chunk(b"ANIM", source.animation), *source.frames]
    elif source.picture is not None:
        if source.alpha is not None:
            chunks.append(_chunk(b"ALPH", source.alpha))
        chunks.append(_chunk(*source.picture))
    if exif:
        chunks.append(_chunk(b"EXIF", exif))
    if source.extended is not None:
        chunks.insert(0, _chunk(b"VP8X", _flags(source, profile, exif) + source.extended[4:10]))
    elif profile or exif or source.animation is not None or source.alpha is not None:
        raise Refused(ProblemCode.MALFORMED, place="VP8X")
    body = b"".join(chunks)
    kept = [word for word, has in (("colour_profile", profile), ("orientation", exif)) if has]
    if source.animation is not None:
        kept.append("animation")
    return Rewritten(
        b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body,
        ImageFormat.WEBP,
        source.orientation,
        tuple(kept),
        tuple(source.dropped),
    )


def _flags(source: _Source, profile: bytes, exif: bytes) -> bytes:
    extended = source.extended or bytes(4)
    flags = extended[0] & _ALPHA_FLAG
    flags |= _ICC_FLAG if profile else 0
    flags |= _EXIF_FLAG if exif else 0
    flags |= _ANIMATION_FLAG if source.animation is not None else 0
    if source.alpha is not None:
        flags |= _ALPHA_FLAG
    return bytes((flags, 0, 0, 0))


def _walk(data: bytes, source: _Source) -> None:
    view = memoryview(data)
    stated_end = 8 + int.from_bytes(data[4:8], "little")
    if stated_end > len(data) + 1:
        raise Refused(ProblemCode.TRUNCATED)
    if stated_end < len(data):
        source.dropped["trailer"] = None
    is_animated = False
    for name, content in _chunks(view, 12, min(stated_end, len(data))):
        if name == b"VP8X" and source.extended is None and source.picture is None and len(content) >= 10:
            source.extended = bytes(content[:10])
            is_animated = bool(content[0] & _ANIMATION_FLAG)
            if len(content) > 10:
                source.dropped["VP8X"] = None
        elif name in _BITSTREAMS and source.picture is None and not is_animated:
            source.picture = name, content
        elif name == b"ALPH" and source.alpha is None and source.picture is None and source.extended:
            source.alpha = content
        elif name == b"ANIM" and is_animated and source.animation is None and len(content) >= 6:
            source.animation = bytes(content[:6])
        elif name == b"ANMF" and source.animation is not None:
            source.frames.append(_frame(content, source))
        else:
            _take_note(name, content, source)
    if source.picture is not None and source.picture[0] == b"VP8L":
        # VP8L carries alpha itself; an ALPH beside it is shown by nobody.
        source.alpha = None


def _chunks(view: memoryview, at: int, end: int) -> Iterator[tuple[bytes, memoryview]]:
    while at < end:
        if at + 8 > end:
            raise Refused(ProblemCode.TRUNCATED)
        name = bytes(view[at : at + 4])
        size = int.from_bytes(view[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise Refused(ProblemCode.TRUNCATED)
        yield name, view[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)


def _frame(content: memoryview, source: _Source) -> bytes:
    """Rebuild one frame of an animation with only its alpha and its bitstream."""
    if len(content) < _FRAME_HEADER:
        raise Refused(ProblemCode.MALFORMED, place="ANMF")
    header = bytearray(content[:_FRAME_HEADER])
    header[15] &= 0x03  # the other bits are reserved
    parts: dict[bytes, bytes] = {}
    for name, payload in _chunks(content, _FRAME_HEADER, len(content)):
        is_first_stream = name in _BITSTREAMS and not parts.keys() & _BITSTREAMS
        if is_first_stream or (name == b"ALPH" and not parts):
            parts[name] = _chunk(name, payload)
        else:
            source.dropped["ANMF/" + _spelled(name)] = None
    if not parts.keys() & _BITSTREAMS:
        raise Refused(ProblemCode.MALFORMED, place="ANMF")
    if b"VP8L" in parts:
        parts.pop(b"ALPH", None)
    return _chunk(b"ANMF", bytes(header) + b"".join(parts.values()))


def _take_note(name: bytes, content: memoryview, source: _Source) -> None:
    source.dropped[_spelled(name)] = None
    if name == b"EXIF" and source.orientation == 1:
        source.orientation = read_orientation(bytes(content))
    elif name == b"ICCP" and not source.profile:
        source.profile = bytes(content)


_NAMES = frozenset({b"EXIF", b"XMP ", b"ICCP", b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"C2PA"})


def _spelled(name: bytes) -> str:
    return name.decode("ascii").strip() if name in _NAMES else "unknown"


def _chunk(name: bytes, content: bytes | memoryview) -> bytes:
    return b"".join((name, struct.pack("<I", len(content)), content, bytes(len(content) & 1)))
