"""Takes inventory of a PNG or APNG: every chunk that is no part of the picture, and all behind IEND."""

from __future__ import annotations

import binascii
import re
import zlib

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.photoshop import collect_iptc, collect_resources
from photoguard.containers.contents.pictures import collect_embedded
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

# Parts of the picture, and plain colour numbers of a fixed size.
_PICTURE = frozenset({b"IHDR", b"IDAT", b"IEND", b"fdAT"})
_EXACT_BYTES = {b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"cICP": 4, b"acTL": 8, b"fcTL": 26}
_MEANING: dict[bytes, tuple[FindingKind, str]] = {
    b"tIME": (FindingKind.TIME, "modified"),
    b"pHYs": (FindingKind.DEVICE, "settings"),
    b"oFFs": (FindingKind.DEVICE, "settings"),
    b"sCAL": (FindingKind.DEVICE, "settings"),
    b"pCAL": (FindingKind.DEVICE, "settings"),
    b"sTER": (FindingKind.DEVICE, "stereo"),
    b"sBIT": (FindingKind.COLOUR, "hint"),
    b"bKGD": (FindingKind.COLOUR, "hint"),
    b"hIST": (FindingKind.COLOUR, "hint"),
    b"sPLT": (FindingKind.COLOUR, "hint"),
    b"mDCV": (FindingKind.COLOUR, "hint"),
    b"cLLI": (FindingKind.COLOUR, "hint"),
    b"vpAg": (FindingKind.PROVENANCE, "software"),
    b"iDOT": (FindingKind.DEVICE, "settings"),
}
_KEYWORDS: tuple[tuple[re.Pattern[bytes], FindingKind, str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), kind, detail)
    for words, kind, detail in (
        (rb"author|artist|copyright|owner|credit", FindingKind.AUTHOR, "creator"),
        (rb".*(?:time|date)", FindingKind.TIME, "taken"),
        (rb"software|source|.*model|make", FindingKind.DEVICE, "software"),
        (
            rb"parameters|prompt|workflow|dream|sd-metadata|invokeai.*|generation.*",
            FindingKind.PROVENANCE,
            "generator",
        ),
        (rb".*(?:gps|location|latitude|longitude).*", FindingKind.LOCATION, "gps"),
    )
)
_RAW_PROFILE = re.compile(rb"\s*(\w+)\s+(\d+)\s")
_IDAT_PIECE = 1 << 20
_FED = 1 << 16
_MOST_PIXEL_BYTES = 1 << 31


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a PNG besides its picture; ``place`` is a prefix for files inside files."""
    prefix = f"{place}/" if place else ""
    walk = _Walk(prefix, into)
    at, view = 8, memoryview(data)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            into.problem("truncated")
            into.add(FindingKind.UNKNOWN, f"{prefix}rest", len(data) - at, "broken")
            collect_embedded(data[at:], f"{prefix}rest", "preview", into)
            return
        if name in {b"IDAT", b"fdAT"}:
            walk.pixels(name, view[at + 8 : at + 8 + length])
        else:
            walk.chunk(name, data[at + 8 : at + 8 + length])
        at += 12 + length
        if name == b"IEND":
            break
    else:
        into.problem("truncated")
    if at < len(data):
        collect_trailer(data, at, f"{prefix}trailer", into)


class _Walk:
    def __init__(self, prefix: str, into: Collector) -> None:
        self._prefix = prefix
        self._into = into
        self._colour_type = -1
        self._stream = zlib.decompressobj()
        self._is_stream_bad = False
        self._frame_bytes = self._room_bytes = 0
        self._seen: set[bytes] = set()

    def chunk(self, name: bytes, body: bytes) -> None:
        into = self._into
        place = self._prefix + _spelled(name)
        is_repeated = name in self._seen
        self._seen.add(name)
        if name == b"IHDR":
            self._header(body, place)
        elif name in _PICTURE and len(body):
            into.add(FindingKind.UNKNOWN, place, len(body), "chunk")
        elif name in _PICTURE:
            return
        elif name == b"acTL" and len(body) == 8 and not is_repeated:
            if not into.is_inside:
                into.frames = max(1, int.from_bytes(body[:4], "big"))
        elif len(body) == _EXACT_BYTES.get(name, -1) and (name == b"fcTL" or not is_repeated):
            if name == b"fcTL":
                self._stream = zlib.decompressobj() if self._seen & {b"IDAT"} else self._stream
                self._room_bytes = self._frame_bytes
        elif not is_repeated and self._is_palette(name, len(body)):
            return
        elif name in {b"tEXt", b"zTXt", b"iTXt"}:
            self._text(name, body, place)
        elif name in {b"eXIf", b"exIf"}:
            collect_exif(body, place, into)
        elif name == b"iCCP":
            self._profile(body, place)
        elif name == b"caBX":
            collect_jumbf(body, place, into)
        else:
            kind, detail = _MEANING.get(name, (FindingKind.UNKNOWN, "chunk"))
            into.add(kind, place, len(body), detail)
            if len(body) > 100:
                collect_embedded(body, place, "preview", into)

    def _is_palette(self, name: bytes, size: int) -> bool:
        if name == b"PLTE":
            return self._colour_type == 3 and size <= 768
        return name == b"tRNS" and size <= 256 and self._colour_type in {0, 2, 3}

    def _header(self, body: bytes, place: str) -> None:
        if len(body) >= 13:
            self._colour_type = body[9]
            width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            # No picture of this size inflates to more: 8 bytes a pixel, a filter byte a row, seven passes.
            self._frame_bytes = min((8 * width + 16) * (height + 16), _MOST_PIXEL_BYTES)
            self._room_bytes = self._frame_bytes
            if not self._into.is_inside:
                self._into.size = width, height
        if len(body) > 13:
            self._into.add(FindingKind.UNKNOWN, place, len(body) - 13, "chunk")

    def pixels(self, name: bytes, held: memoryview) -> None:
        """Follow the compressed pixels to their end: bytes behind it are not part of the picture."""
        place = self._prefix + _spelled(name)
        self._seen.add(name)
        coded = held[4:] if name == b"fdAT" else held
        if self._is_stream_bad:
            return
        extra = len(coded) if self._stream.eof else 0
        try:
            # piece by piece, uncopied: zlib copies what it has not used of its input each time
            for start in range(0, len(coded), _FED):
                rest: bytes | memoryview = coded[start : start + _FED]
                behind = start + len(rest)
                if self._stream.eof:
                    break
                while rest and not self._stream.eof:
                    self._room_bytes -= len(self._stream.decompress(rest, _IDAT_PIECE))
                    if self._room_bytes < 0:
                        self._is_stream_bad = True
                        self._into.problem("malformed")
                        return
                    rest = self._stream.unconsumed_tail
                if self._stream.eof:
                    extra = len(coded) - behind + len(self._stream.unused_data)
        except zlib.error:
            self._is_stream_bad = True
            self._into.problem("malformed")
            return
        if extra:
            self._into.add(FindingKind.UNKNOWN, f"{place}/trailer", extra, "trailer")
            collect_embedded(bytes(held[-extra:]), f"{place}/trailer", "preview", self._into)

    def _text(self, name: bytes, body: bytes, place: str) -> None:
        into = self._into
        key, _, rest = body.partition(b"\x00")
        if name == b"zTXt":
            text = self._inflated(rest[1:])
        elif name == b"iTXt":
            is_packed = rest[:1] == b"\x01"
            _, _, rest = rest[2:].partition(b"\x00")
            _, _, rest = rest.partition(b"\x00")
            text = self._inflated(rest) if is_packed else rest
        else:
            text = rest
        if key == b"XML:com.adobe.xmp" or text.lstrip()[:9] == b"<?xpacket":
            collect_xmp(text, f"{place}/XMP", into)
            return
        if key.startswith(b"Raw profile type "):
            self._raw_profile(key[17:], text, f"{place}/raw_profile", len(body))
            return
        for pattern, kind, detail in _KEYWORDS:
            if pattern.fullmatch(key):
                into.add(kind, place, len(body), detail)
                break
        else:
            into.add(FindingKind.TEXT, place, len(body), "comment")
        if len(text) > 100:
            collect_embedded(text, place, "preview", into)

    def _raw_profile(self, kind: bytes, text: bytes, place: str, size_bytes: int) -> None:
        """ImageMagick's way: a name, a count, and the bytes in hexadecimal."""
        into = self._into
        into.add(FindingKind.PROVENANCE, place, size_bytes, "raw_profile")
        head = _RAW_PROFILE.match(text)
        if head is None:
            return
        try:
            block = binascii.unhexlify(b"".join(text[head.end() :].split()))
        except binascii.Error:
            return
        kind = kind.lower()
        if kind == b"exif" or block[:4] == b"Exif":
            if into.enter():
                collect_exif(block, f"{place}/Exif", into)
                into.leave()
        elif kind == b"xmp" or block.startswith(b"http://ns.adobe.com/xap"):
            collect_xmp(block, f"{place}/XMP", into)
        elif block[:4] == b"8BIM":
            collect_resources(block, f"{place}/8BIM", into)
        elif kind == b"iptc":
            collect_iptc(block, f"{place}/IPTC", into)
        elif kind in {b"icc", b"icm"}:
            collect_profile(block, f"{place}/ICC", into)

    def _profile(self, body: bytes, place: str) -> None:
        name, _, rest = body.partition(b"\x00")
        profile = self._inflated(rest[1:])
        before = len(self._into.findings)
        collect_profile(profile, place, self._into)
        if len(self._into.findings) == before and name != b"ICC":
            self._into.add(FindingKind.COLOUR, place, len(body), "profile")

    def _inflated(self, packed: bytes) -> bytes:
        limit = max(1, self._into.budget_bytes)
        try:
            text = zlib.decompressobj().decompress(packed, limit)
        except zlib.error:
            return b""
        self._into.spend(len(text))
        if len(text) >= limit:
            self._into.problem("too_much_text")
        return text


def _spelled(name: bytes) -> str:
    return name.decode("ascii") if name.isalpha() and name.isascii() else "unknown"
