"""Finds in XMP packets what tells about people, and the pictures that are written into them as text."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.pictures import picture_size
from photoguard.domain import FindingKind

# Names with the prefixes that all known writers use; a reader of XML would follow others, too, but
# XML from strangers costs more than it tells, and the packet itself is a finding in any case.
_MEANING: tuple[tuple[FindingKind, str, bytes], ...] = (
    (
        FindingKind.LOCATION,
        "gps",
        rb"exif:GPS\w+|GPS(?:Latitude|Longitude|Altitude|Position)\w*|Camera:GPS\w+",
    ),
    (
        FindingKind.LOCATION,
        "city",
        rb"photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|"
        rb"Iptc4xmpExt:Location\w+|LocationShown|LocationCreated",
    ),
    (
        FindingKind.DEVICE,
        "camera",
        rb"tiff:(?:Make|Model)|aux:\w+|exifEX:(?:Lens\w+|BodySerialNumber)|drone-dji:\w+|GPano:\w+",
    ),
    (FindingKind.DEVICE, "serial", rb"\w+:(?:\w*SerialNumber|ImageUniqueID|CameraOwnerName)"),
    (FindingKind.DEVICE, "software", rb"xmp:CreatorTool|tiff:Software|xmp:Software|exif:HostComputer"),
    (
        FindingKind.TIME,
        "taken",
        rb"xmp:\w+Date|tiff:DateTime|exif:DateTime\w+|photoshop:DateCreated|dc:date|stEvt:when",
    ),
    (
        FindingKind.AUTHOR,
        "creator",
        rb"dc:(?:creator|rights|publisher|contributor)|xmpRights:\w+|photoshop:(?:AuthorsPosition|Credit|"
        rb"Source|CaptionWriter)|Iptc4xmpCore:CreatorContactInfo|tiff:(?:Artist|Copyright)|plus:\w+|aux:OwnerName",
    ),
    (
        FindingKind.PEOPLE,
        "face_regions",
        rb"mwg-rs:\w+|MP:RegionInfo|MPReg:\w+|MPRI:\w+|Iptc4xmpExt:PersonInImage\w*|"
        rb"Iptc4xmpExt:ImageRegion\w*|apple-fi:\w+|digiKam:\w*[Ff]ace\w*|lr:hierarchicalSubject",
    ),
    (
        FindingKind.PROVENANCE,
        "edit_history",
        rb"xmpMM:\w+|stEvt:\w+|stRef:\w+|photoshop:(?:History|DocumentAncestors)|crs:\w+|dcterms:provenance",
    ),
    (FindingKind.PROVENANCE, "generator", rb"Iptc4xmpExt:DigitalSourceType|photoshop:\w*Generat\w+"),
    (
        FindingKind.TEXT,
        "caption",
        rb"dc:(?:description|title|subject)|exif:UserComment|tiff:ImageDescription|photoshop:(?:Headline|"
        rb"Instructions)|lr:\w+|xmp:(?:Label|Rating)|acdsee:\w+|digiKam:\w+|MicrosoftPhoto:\w+",
    ),
    (FindingKind.PROVENANCE, "gain_map_settings", rb"hdrgm:\w+|HDRGainMap:\w+|apdi:\w+"),
    (
        FindingKind.PROVENANCE,
        "motion_photo_settings",
        rb"(?:GCamera|Camera):(?:MotionPhoto|MicroVideo)\w*|Container:Directory|GContainer:\w+",
    ),
    (FindingKind.PROVENANCE, "depth_settings", rb"(?:GDepth|GImage|GFocus|Device|Profile|Cameras):\w+"),
)
_PATTERNS = tuple((kind, detail, re.compile(names)) for kind, detail, names in _MEANING)
# One pass finds the names of elements and attributes; each different name is looked up once.
_NAME = re.compile(rb"[<\s\"']([A-Za-z][\w.-]*:\w+|[A-Za-z]\w*)(?=[\s=>])")
_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"GImage:Data", "original"),
    (b"GDepth:Data", "depth"),
    (b"GDepth:Confidence", "depth"),
    (b"xmpGImg:image", "thumbnail"),
    (b"xapGImg:image", "thumbnail"),
    (b"GAudio:Data", "audio"),
    (b"Device:Data", "original"),
    (b"Image:Data", "original"),
)
_BLANK = re.compile(rb"(?:&#x?[0-9a-fA-F]+;|[^A-Za-z0-9+/=])+")
_LAST_LINE = b"<?xpacket end"
_MOST_NAMES = 20_000
_LONGEST_NAME = 100
_MOST_PICTURES = 20
_ENOUGH_FOR_SIZE = 1 << 17


def collect_xmp(data: bytes, place: str, into: Collector) -> None:
    """Note what an XMP packet tells. The packet as a whole is one finding, its pictures are others."""
    packet = _as_utf8(data)
    into.add(FindingKind.PROVENANCE, place, len(data), "xmp")
    rest = _collect_pictures(packet, place, into)
    _collect_names(rest, place, into)


def _collect_names(packet: bytes, place: str, into: Collector) -> None:
    """Note what the names of elements and attributes tell, summed up by meaning."""
    sums: dict[tuple[FindingKind, str], int] = {}
    # writers leave blanks before the last line, to have room for changes: often half of the packet
    end = packet.rfind(_LAST_LINE)
    if end > 0:
        packet = packet[:end].rstrip() + packet[end:]
    for count, match in enumerate(_NAME.finditer(packet)):
        if count >= _MOST_NAMES:
            into.problem("too_many")
            break
        meanings = _meanings(match[1][:_LONGEST_NAME])
        if meanings:
            size = _value_bytes(packet, match)
            for meaning in meanings:
                sums[meaning] = sums.get(meaning, 0) + size
    for (kind, detail), size in sums.items():
        into.add(kind, place, size, detail)


@lru_cache(maxsize=2048)
def _meanings(name: bytes) -> tuple[tuple[FindingKind, str], ...]:
    return tuple((kind, detail) for kind, detail, pattern in _PATTERNS if pattern.fullmatch(name))


def _as_utf8(data: bytes) -> bytes:
    """Fold UTF-16 and UTF-32 packets to one byte a letter, enough to find names."""
    if b"\x00" not in data[:64]:
        return data
    return data.replace(b"\x00", b"")


def _collect_pictures(packet: bytes, place: str, into: Collector) -> bytes:
    """Note pictures in base64; return the packet without them, so that it can be searched quickly."""
    rest: list[bytes] = []
    at = done = 0
    for _ in range(_MOST_PICTURES):
        nearest = min(
            ((found, name, detail) for name, detail in _PICTURES if (found := packet.find(name, at)) >= 0),
            default=None,
        )
        if nearest is None:
            break
        found, name, detail = nearest
        start = found + len(name)
        start, end = _value_span(packet, start)
        at = max(end, found + len(name))
        if end - start < 100:
            continue
        rest.append(packet[done:start])
        done = end
        text = packet[start:end]
        word = name.decode("ascii")
        if detail == "audio":
            into.add(FindingKind.UNKNOWN, f"{place}/{word}", len(text), "audio")
            continue
        picture = _from_base64(text, into)
        into.add(
            FindingKind.HIDDEN_PICTURE, f"{place}/{word}", len(picture) or len(text), detail,
            size=picture_size(picture[:_ENOUGH_FOR_SIZE]), payload=picture,
        )  # fmt: skip
    rest.append(packet[done:])
    return b"".join(rest)


def _from_base64(text: bytes, into: Collector) -> bytes:
    if len(text) > into.budget_bytes:
        return b""
    into.spend(len(text))
    plain = _BLANK.sub(b"", text).rstrip(b"=")
    try:
        return base64.b64decode(plain[: len(plain) // 4 * 4] + _padded(plain))
    except binascii.Error:
        return b""


def _padded(plain: bytes) -> bytes:
    tail = plain[len(plain) // 4 * 4 :]
    return tail + b"=" * (4 - len(tail)) if len(tail) > 1 else b""


def _value_span(packet: bytes, at: int) -> tuple[int, int]:
    """Where the value of the attribute or element whose name ends at ``at`` lies."""
    head = packet[at : at + 8].lstrip()
    if head.startswith(b"="):
        quote_at = packet.find(b"=", at) + 1
        quote = packet[quote_at : quote_at + 1]
        if quote in {b'"', b"'"}:
            end = packet.find(quote, quote_at + 1)
            return quote_at + 1, end if end >= 0 else len(packet)
        return at, at
    start = packet.find(b">", at) + 1
    if start <= 0:
        return at, at
    end = packet.find(b"<", start)
    return start, end if end >= 0 else len(packet)


def _value_bytes(packet: bytes, match: re.Match[bytes]) -> int:
    start, end = _value_span(packet, match.end())
    return min(end - start, 4096) + match.end() - match.start(1)
