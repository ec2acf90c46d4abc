"""Takes inventory of a JPEG XL: the boxes around the codestream (ISO/IEC 18181-2)."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.pictures import collect_embedded
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

_PICTURE = frozenset({b"JXL ", b"ftyp", b"jxlc", b"jxlp", b"jxll", b"jxli"})
_PACKED: dict[bytes, tuple[FindingKind, str]] = {
    b"Exif": (FindingKind.DEVICE, "packed_exif"),
    b"xml ": (FindingKind.PROVENANCE, "packed_xmp"),
    b"jumb": (FindingKind.PROVENANCE, "jumbf"),
}


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note the boxes that are no part of the picture; a bare codestream has none."""
    prefix = f"{place}/" if place else ""
    if data[:2] == b"\xff\x0a":
        return
    at = 0
    while at + 8 <= len(data):
        size, header = int.from_bytes(data[at : at + 4], "big"), 8
        name = data[at + 4 : at + 8]
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < header or at + size > len(data):
            into.problem("truncated")
            into.add(FindingKind.UNKNOWN, f"{prefix}rest", len(data) - at, "broken")
            return
        _box(name, data[at + header : at + size], prefix, into)
        at += size
    if at < len(data):
        into.add(FindingKind.UNKNOWN, f"{prefix}trailer", len(data) - at, "trailer")


def _box(name: bytes, body: bytes, prefix: str, into: Collector) -> None:
    if name in _PICTURE:
        return
    place = prefix + (name.decode("ascii").strip() if name.isascii() and name.strip().isalnum() else "unknown")
    if name == b"Exif":
        # Four bytes tell how far behind them the TIFF header lies.
        collect_exif(body[4 + int.from_bytes(body[:4], "big") :] if len(body) > 4 else body, place, into)
    elif name == b"xml ":
        collect_xmp(body, place, into)
    elif name == b"jumb":
        collect_jumbf((len(body) + 8).to_bytes(4, "big") + b"jumb" + body, place, into)
    elif name == b"brob":
        # Brotli is not in the standard library: what it packs is known, its values are not.
        kind, detail = _PACKED.get(body[:4], (FindingKind.UNKNOWN, "box"))
        into.add(kind, place, len(body), detail)
    elif name == b"jbrd":
        into.add(FindingKind.PROVENANCE, place, len(body), "jpeg_reconstruction")
    elif name == b"jhgm":
        into.add(FindingKind.HIDDEN_PICTURE, place, len(body), "gain_map")
    elif name not in {b"free", b"skip"} or body.strip(b"\x00"):
        into.add(FindingKind.UNKNOWN, place, len(body), "box")
        collect_embedded(body, place, "preview", into)
