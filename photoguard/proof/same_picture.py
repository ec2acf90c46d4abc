"""Compares what a decoder is given to draw in a source and in its rewritten copy: not a bit may differ.

Reads both files with one walk of its own, which knows nothing of what the rewriter keeps or drops.
Comparing coded data instead of pixels finds the same differences and runs at the speed of memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

_PIECE = 1 << 16
_LOOPS = frozenset({b"NETSCAPE2.0\x03\x01", b"ANIMEXTS1.0\x03\x01"})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")
"""Stuffed zeros and restart markers lie within coded data."""


class _Part(NamedTuple):
    """One piece of the coded picture: a word that must be the same, and spans of bytes."""

    label: tuple[object, ...]
    spans: list[tuple[int, int]]


def same_picture(source: bytes, written: bytes) -> bool:
    """Whether ``written``, known to be clean, codes the very picture or animation of ``source``.

    For JPEG, PNG, WebP and GIF: tables, headers, frames, timing and coded data are equal, and are read in
    the same colour space. Bytes that no decoder reaches behind the end of a stream may be missing.
    """
    for start, parts in ((b"\xff\xd8", _jpeg), (b"\x89PNG", _png), (b"RIFF", _webp), (b"GIF8", _gif)):
        if source.startswith(start) and written.startswith(start):
            try:
                return all(
                    one is not None
                    and other is not None
                    and one.label == other.label
                    and _begins(source, one.spans, written, other.spans)
                    for one, other in zip_longest(parts(source), parts(written))
                )
            except IndexError:
                return False
    return False


def _begins(source: bytes, longer: list[tuple[int, int]], written: bytes, shorter: list[tuple[int, int]]) -> bool:
    """Whether the bytes of one list of spans begin those of the other."""
    waiting = iter(longer)
    at = end = 0
    for first, last in shorter:
        position = first
        while position < last:
            while at >= end:
                following = next(waiting, None)
                if following is None:
                    return False
                at, end = following
            size = min(last - position, end - at, _PIECE)
            if written[position : position + size] != source[at : at + size]:
                return False
            position, at = position + size, at + size
    return True


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _exact(start: int, end: int) -> _Part:
    """A short piece that is compared whole, its length too."""
    return _Part((end - start,), [(start, end)])


def _jpeg(data: bytes) -> Iterator[_Part]:
    at, has_jfif, adobe, identities, frame = 2, False, -1, b"", 0
    while data[at] == 0xFF:
        code = data[at + 1]
        if code == 0xFF:
            at += 1
            continue
        if code == 0xD9:
            break
        end = at + 2 + _number(data, at + 2, 2)
        if code == 0xE0 and data[at + 4 : at + 9] == b"JFIF\x00" and end >= at + 18 and frame >= 0:
            has_jfif = True
        elif code == 0xEE and data[at + 4 : at + 9] == b"Adobe" and end >= at + 16 and frame >= 0:
            adobe = data[at + 15]
        elif code < 0xE0:
            if 0xC0 <= code <= 0xCF and code not in {0xC4, 0xC8, 0xCC}:
                frame, identities = code, data[at + 10 : end : 3]
            if code == 0xDA:
                if frame > 0:
                    yield _Part((_colours(identities, adobe, has_jfif=has_jfif),), [])
                frame = -1  # decoders read no more about colours
                end = _behind_scan(data, end)
            yield _Part((code, end - at), [(at, end)])
        at = end


def _behind_scan(data: bytes, at: int) -> int:
    found = _AFTER_SCAN.search(data, at)
    if found is None:
        raise IndexError
    return found.start()


def _colours(identities: bytes, adobe: int, *, has_jfif: bool) -> str:
    """Tell how libjpeg reads the components (jdapimin.c)."""
    if len(identities) == 3:
        if has_jfif:
            return "YCC"
        if adobe >= 0:
            return "RGB" if adobe == 0 else "YCC"
        return "RGB" if identities == b"RGB" else "YCC"
    if len(identities) == 4:
        return ("YCCK" if adobe == 2 else "CMYK") + (" inverted" if adobe >= 0 else "")
    return "grey"


def _png(data: bytes) -> Iterator[_Part]:
    at, colour = 8, 0
    head: dict[bytes, _Part] = {}
    is_animated = False
    stream: _Part | None = None
    while at + 12 <= len(data):
        name, end = data[at + 4 : at + 8], at + 8 + _number(data, at, 4)
        body = at + 8
        if name in {b"IDAT", b"fcTL"} and head:
            # Their order among themselves means nothing.
            yield from (head[key] for key in sorted(head))
            is_animated, head = b"acTL" in head, {}
        if name == b"IDAT" or (name == b"fdAT" and is_animated):
            if stream is None:
                stream = _Part((name,), [])
            stream.spans.append((body if name == b"IDAT" else body + 4, end))
        elif name == b"IHDR":
            colour = data[body + 9]
            head[name] = _exact(body, end)
        elif name == b"PLTE" and colour == 3:
            head[name] = _Part((name,), [(body, end)])
        elif (name == b"tRNS" and colour not in {4, 6}) or (name == b"acTL" and stream is None):
            head[name] = _exact(body, end)
        elif name == b"fcTL" and is_animated:
            if stream is not None:
                yield stream
            stream = None
            yield _exact(body + 4, end)
        elif name == b"IEND":
            if stream is not None:
                yield stream
            return
        at = end + 4
    raise IndexError


def _webp(data: bytes) -> Iterator[_Part]:
    yield from _chunks(data, 12, min(len(data), 8 + int.from_bytes(data[4:8], "little")), is_frame=False)


def _chunks(data: bytes, at: int, end: int, *, is_frame: bool) -> Iterator[_Part]:
    stream, alpha = b"", None
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = at + 8
        if name in {b"VP8 ", b"VP8L"} and not stream:
            stream = name
            if alpha is not None and name == b"VP8 ":
                yield alpha
            yield _Part((name, size), [(body, body + size)])
        elif name == b"ALPH" and not stream and alpha is None:
            alpha = _Part((name, size), [(body, body + size)])
        elif name == b"VP8X" and not is_frame and not stream:
            yield _Part((name, data[body] & 2), [(body + 4, body + 10)])
        elif name == b"ANIM" and not is_frame:
            yield _Part((name,), [(body, body + 6)])
        elif name == b"ANMF" and not is_frame:
            yield _Part((name, data[body + 15] & 3), [(body, body + 15)])
            yield from _chunks(data, body + 16, body + size, is_frame=True)
        at = body + size + size % 2


def _gif(data: bytes) -> Iterator[_Part]:
    at = 13 + _table_bytes(data[10])
    yield _exact(6, 12)
    yield _exact(13, at)
    timing: tuple[object, ...] = ()
    has_loop = False
    while at < len(data):
        if data[at] == 0x2C:
            table = at + 10 + _table_bytes(data[at + 9])
            end = _behind_sub_blocks(data, table + 1)
            yield _Part(("frame", timing, data[at + 9] & 0xE7, end - at), [(at, at + 9), (at + 10, end)])
            timing = ()
        elif data[at] == 0x21:
            end = _behind_sub_blocks(data, at + 2)
            if data[at + 1] == 0xF9:
                timing = data[at + 3] & 0x1F, data[at + 4 : at + 7]
            elif data[at + 1] == 0x01:
                timing = ()
            elif data[at + 1] == 0xFF and not has_loop and data[at + 3 : at + 16] in _LOOPS:
                has_loop = True
                yield _Part(("loop",), [(at + 16, at + 18)])
        else:
            return
        at = end


def _table_bytes(flags: int) -> int:
    return 3 * 2 ** (flags % 8 + 1) if flags >= 128 else 0


def _behind_sub_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
