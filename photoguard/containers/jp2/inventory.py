"""Takes inventory of a JPEG 2000: the boxes around the codestream, and comments in its header.

ISO/IEC 15444-1, annexes A (codestream) and I (boxes).
"""

from __future__ import annotations

from photoguard.containers.bmff.boxes import Box, boxes, spelled
from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.pictures import collect_embedded
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

_SIGNATURE = frozenset({b"jP  ", b"ftyp"})
_HEADER_PLAIN = frozenset({b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef"})
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF_UUID = b"JpgTiffExif->JP2"
_GEO_UUID = bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03")
_START, _COMMENT, _FIRST_TILE = b"\xff\x4f", 0xFF64, 0xFF90
_MOST_SEGMENTS = 1000
_BY_PROFILE = 2


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a JPEG 2000 besides its picture; ``place`` is a prefix."""
    prefix = f"{place}/" if place else ""
    if data[:2] == _START:
        _codestream(data, 0, prefix, into)
        return
    reached = 0
    for box in boxes(data, 0, len(data)):
        if box.name == b"jp2h":
            _header(data, box, prefix, into)
        elif box.name == b"jp2c":
            _codestream(data, box.body, prefix, into)
        elif box.name not in _SIGNATURE:
            _other(data, box, prefix + spelled(box.name), into)
        reached = box.end
    if reached < len(data):
        into.problem("truncated")
        collect_trailer(data, reached, f"{prefix}trailer", into)


def _header(data: bytes, header: Box, prefix: str, into: Collector) -> None:
    for box in boxes(data, header.body, header.end):
        body, place = data[box.body : box.end], f"{prefix}jp2h/{spelled(box.name)}"
        if box.name == b"ihdr" and not into.is_inside:
            into.size = int.from_bytes(body[4:8], "big"), int.from_bytes(body[:4], "big")
        elif box.name == b"colr":
            if body[:1] == bytes((_BY_PROFILE,)):
                collect_profile(body[3:], place, into)
        elif box.name == b"res ":
            into.add(FindingKind.DEVICE, place, len(body), "settings")
        elif box.name not in _HEADER_PLAIN:
            _other(data, box, place, into)


def _other(data: bytes, box: Box, place: str, into: Collector) -> None:
    body = data[box.body : box.end]
    identity, content = body[:16], body[16:]
    if box.name == b"xml " or (box.name == b"uuid" and identity == _XMP_UUID):
        collect_xmp(body if box.name == b"xml " else content, f"{place}/XMP", into)
    elif box.name == b"uuid" and identity == _EXIF_UUID:
        collect_exif(content, f"{place}/Exif", into)
    elif box.name == b"uuid" and identity == _GEO_UUID:
        if into.enter():
            collect_exif(content, f"{place}/GeoTIFF", into)
            into.leave()
    elif box.name == b"jumb":
        collect_jumbf(data[box.start : box.end], place, into)
    else:
        into.add(FindingKind.UNKNOWN, place, len(body), "box")
        collect_embedded(body, place, "preview", into)


def _codestream(data: bytes, at: int, prefix: str, into: Collector) -> None:
    """Walk the main header's segments up to the first tile."""
    at += 2
    for _ in range(_MOST_SEGMENTS):
        code, length = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        if code == _FIRST_TILE or at + 4 > len(data) or length < 2:
            return
        if code == 0xFF51 and into.size is None and not into.is_inside:
            right, bottom, left, top = (int.from_bytes(data[at + n : at + n + 4], "big") for n in (6, 10, 14, 18))
            into.size = max(0, right - left), max(0, bottom - top)
        elif code == _COMMENT:
            into.add(FindingKind.TEXT, f"{prefix}jp2c/COM", length - 2, "comment")
            collect_embedded(data[at + 4 : at + 2 + length], f"{prefix}jp2c/COM", "preview", into)
        at += 2 + length
