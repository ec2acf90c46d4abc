"""Takes inventory of a GIF: comments, texts, applications' blocks, and all behind the end."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.photoshop import collect_resources
from photoguard.containers.contents.pictures import collect_embedded
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
# XMP lies raw in the file, not in sub-blocks; 258 bytes behind it lead any reader to the end.
_XMP_TRAILER = bytes([1, *range(255, -1, -1), 0])


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a GIF besides its frames; ``place`` is a prefix for files inside files."""
    prefix = f"{place}/" if place else ""
    if len(data) < 13:
        into.problem("truncated")
        return
    if not into.is_inside:
        into.size = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at = 13 + _table_bytes(data[10])
    frames = 0
    while at < len(data):
        introducer = data[at]
        if introducer == 0x3B:
            at += 1
            break
        if introducer == 0x2C and at + 10 < len(data):
            frames += 1
            at = _sub_blocks(data, at + 11 + _table_bytes(data[at + 9]), into)[1]
        elif introducer == 0x21 and at + 1 < len(data):
            label = data[at + 1]
            body, end = _sub_blocks(data, at + 2, into)
            if label == 0xFF:
                end = _application(data, at + 2, body, end, prefix, into)
            elif label != 0xF9 or end - at != 8:
                _extension(label, body, end - at, prefix, into)
            at = end
        else:
            into.problem("malformed")
            break
    else:
        into.problem("truncated")
    if not into.is_inside:
        into.frames = max(1, frames)
    if at < len(data):
        collect_trailer(data, at, f"{prefix}trailer", into)


def _extension(label: int, body: bytes, size_bytes: int, prefix: str, into: Collector) -> None:
    name = {0xFE: "comment", 0x01: "plain_text"}.get(label)
    if name is None:
        into.add(FindingKind.UNKNOWN, f"{prefix}extension_{label:02X}", size_bytes, "block")
    else:
        into.add(FindingKind.TEXT, f"{prefix}{name}", size_bytes, "comment")
    collect_embedded(body, f"{prefix}{name or 'extension'}", "preview", into)


def _application(data: bytes, start: int, body: bytes, end: int, prefix: str, into: Collector) -> int:
    """Note an application's block; return its true end."""
    name = data[start + 1 : start + 12]
    place = f"{prefix}application"
    content = body[11:]
    if name in _LOOPS:
        if len(content) != 3 or content[:1] != b"\x01" or end - start != 17:
            into.add(FindingKind.UNKNOWN, place, end - start, "block")
        return end
    if name == b"XMP DataXMP":
        stop = data.find(_XMP_TRAILER, start + 12)
        if stop >= 0:
            collect_xmp(data[start + 12 : stop], f"{place}/XMP", into)
            return stop + len(_XMP_TRAILER)
        collect_xmp(data[start + 12 : end], f"{place}/XMP", into)
    elif name == b"ICCRGBG1012":
        collect_profile(content, f"{place}/ICC", into)
    elif name == b"C2PA_GIF\x01\x00\x00":
        collect_jumbf(content, f"{place}/JUMBF", into)
    elif name in {b"MGK8BIM0000", b"MGKIPTC0000"}:
        into.add(FindingKind.TEXT, place, end - start, "iptc")
        collect_resources(content, f"{place}/8BIM", into)
    else:
        into.add(FindingKind.UNKNOWN, place, end - start, "block")
        collect_embedded(content, place, "preview", into)
    return end


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int, into: Collector) -> tuple[bytes, int]:
    """Join a chain of sub-blocks; return it with where it ends."""
    joined = bytearray()
    while at < len(data) and data[at]:
        joined += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    if at >= len(data):
        into.problem("truncated")
        return bytes(joined), len(data)
    return bytes(joined), at + 1
