"""Sorts the bytes behind the end of a picture: second pictures, videos, vendors' blocks, padding."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.pictures import Embedded, find_embedded, note_embedded
from photoguard.domain import FindingKind

_VENDORS: tuple[tuple[bytes, str], ...] = (
    (b"SEFT", "samsung"),
    (b"SEFH", "samsung"),
    (b"MotionPhoto_Data", "samsung"),
    (b"AXS!", "afcp"),
    (b"AXS*", "afcp"),
    (b"\xa1\xb2\xc3\xd4", "fotostation"),
    (b"cbipcbbl", "photo_mechanic"),
    (b"QVCI", "casio"),
    (b"~\x00\x04\x00zmie~\x00\x00\x06", "mie"),
    (b"NIKON APP", "nikon"),
    (b"VIVO", "vivo"),
    (b"vivo{", "vivo"),
    (b"HUAWEI", "huawei"),
    (b"<?xpacket", "xmp"),
)


def collect_trailer(data: bytes, start: int, place: str, into: Collector) -> None:
    """Note all that lies from ``start`` to the end of ``data``; embedded JPEGs are inventoried in turn."""
    reached = start
    for one in find_embedded(data, start):
        _collect_gap(data[reached : one.start], place, into)
        _collect_one(data, one, place, into)
        reached = one.end
    _collect_gap(data[reached:], place, into)


def _collect_one(data: bytes, one: Embedded, place: str, into: Collector) -> None:
    part = data[one.start : one.end]
    detail = kind_of_picture(part) if one.kind == "jpeg" else "second_picture"
    note_embedded(data, one, place, detail, into)
    if one.kind == "jpeg" and into.enter():
        from photoguard.containers.jpeg.inventory import collect

        collect(part, f"{place}/jpeg", into)
        into.leave()


def kind_of_picture(jpeg: bytes) -> str:
    """Tell a gain map or depth map from a second picture, by the words in its own metadata."""
    head = jpeg[: 1 << 16]
    if b"hdrgm:" in head or b"HDRGainMap" in head or b"hdrgainmap" in head or b"urn:iso:std:iso:ts:21496" in head:
        return "gain_map"
    if b"disparity" in head or b"pixeldepth" in head or b"depth:" in head or b"DepthData" in head:
        return "depth"
    if b"portraiteffectsmatte" in head or b"semantic" in head:
        return "matte"
    return "second_picture"


def _collect_gap(gap: bytes, place: str, into: Collector) -> None:
    if not gap:
        return
    if not gap.strip(b"\x00") or not gap.strip(b"\xff"):
        into.add(FindingKind.UNKNOWN, place, len(gap), "padding")
        return
    detail = next((name for mark, name in _VENDORS if mark in gap), "trailer")
    into.add(FindingKind.UNKNOWN, place, len(gap), detail)
    if detail == "xmp":
        from photoguard.containers.contents.xmp import collect_xmp

        collect_xmp(gap, f"{place}/XMP", into)
