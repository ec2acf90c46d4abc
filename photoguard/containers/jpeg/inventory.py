"""Takes inventory of a JPEG: every segment that is no part of the picture, and all behind its end.

A walk of its own: the rewriter's mistakes must not be repeated here.
"""

from __future__ import annotations

import re
import struct

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.photoshop import collect_resources
from photoguard.containers.contents.pictures import collect_embedded, picture_size
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\x00"
_GUID_BYTES = 32
_PHOTOSHOP = b"Photoshop 3.0\x00"
_OLD_PHOTOSHOP = b"Adobe_Photoshop2.5:"
_ICC = b"ICC_PROFILE\x00"
_JFIF_BYTES, _ADOBE_BYTES = 14, 12
_COM = 0xFE
_MOST_SEGMENTS = 100_000
# Behind coded data; stuffed zeros, fill bytes and restart markers belong to it.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")

# What else vendors put into application segments: (marker, first bytes, kind, detail).
_VENDORS: tuple[tuple[int, bytes, FindingKind, str], ...] = (
    (0xE0, b"AVI1", FindingKind.DEVICE, "vendor"),
    (0xE1, b"FLIR", FindingKind.HIDDEN_PICTURE, "thermal"),
    (0xE2, b"FPXR", FindingKind.UNKNOWN, "flashpix"),
    (0xE2, b"urn:iso:std:iso:ts:21496", FindingKind.PROVENANCE, "gain_map_settings"),
    (0xE3, b"META", FindingKind.DEVICE, "vendor"),
    (0xE3, b"Meta", FindingKind.DEVICE, "vendor"),
    (0xE3, b"_JPSJPS_", FindingKind.DEVICE, "stereo"),
    (0xE5, b"RMETA", FindingKind.DEVICE, "vendor"),
    (0xE6, b"GoPro", FindingKind.DEVICE, "vendor"),
    (0xE6, b"EPPIM", FindingKind.DEVICE, "vendor"),
    (0xEA, b"PhotoStudio", FindingKind.DEVICE, "vendor"),
    (0xEC, b"Ducky", FindingKind.PROVENANCE, "export_settings"),
    (0xEC, b"[picture info]", FindingKind.DEVICE, "vendor"),
    (0xED, b"Adobe_CM", FindingKind.COLOUR, "vendor"),
)


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a JPEG besides its picture; ``place`` is a prefix for files inside files."""
    prefix = f"{place}/" if place else ""
    walk = _Walk(data, prefix, into)
    end = walk.run()
    walk.finish()
    if end < len(data):
        collect_trailer(data, end, f"{prefix}trailer", into)


class _Walk:
    def __init__(self, data: bytes, prefix: str, into: Collector) -> None:
        self._data = data
        self._prefix = prefix
        self._into = into
        self._profile: dict[int, bytes] = {}
        self._extended: dict[bytes, dict[int, bytes]] = {}
        self._jumbf: dict[tuple[int, bytes], dict[int, bytes]] = {}
        self._has_exif = False
        self._is_sized = False

    def run(self) -> int:
        """Walk to behind the first end marker; return where that is."""
        data, size, at = self._data, len(self._data), 2
        for _ in range(_MOST_SEGMENTS):
            if at + 2 > size:
                break
            if data[at] != 0xFF:
                at = self._garbage(at)
                continue
            code = data[at + 1]
            if code == 0xFF:
                at += 1
            elif code == 0xD9:
                return at + 2
            elif code in {0x00, 0x01, 0xD8} or 0xD0 <= code <= 0xD7:
                self._into.problem("malformed")
                at += 2
            else:
                length = int.from_bytes(data[at + 2 : at + 4], "big")
                end = at + 2 + length
                if length < 2 or end > size:
                    self._into.problem("truncated" if end > size else "malformed")
                    self._into.add(FindingKind.UNKNOWN, f"{self._prefix}rest", size - at, "broken")
                    collect_embedded(data[at:], f"{self._prefix}rest", "preview", self._into)
                    return size
                self._segment(code, data[at + 4 : end])
                at = end
                if code == 0xDA:
                    at = self._behind_scan(end)
        self._into.problem("truncated")
        return size

    def _behind_scan(self, at: int) -> int:
        found = _MARKER.search(self._data, at)
        return found.start() if found else len(self._data)

    def _garbage(self, at: int) -> int:
        """Skip bytes that are no segment up to the next possible marker."""
        self._into.problem("malformed")
        following = self._data.find(b"\xff", at)
        following = len(self._data) if following < 0 else following
        self._into.add(FindingKind.UNKNOWN, f"{self._prefix}between_segments", following - at, "garbage")
        return following

    def _segment(self, code: int, body: bytes) -> None:
        if 0xC0 <= code <= 0xCF and code not in {0xC4, 0xC8, 0xCC}:
            if not self._is_sized and len(body) >= 5 and not self._into.is_inside:
                height, width = struct.unpack_from(">HH", body, 1)
                self._into.size = width, height
            self._is_sized = True
        elif 0xE0 <= code <= 0xEF:
            self._application(code, body, f"{self._prefix}APP{code - 0xE0}")
        elif code == _COM:
            self._into.add(FindingKind.TEXT, f"{self._prefix}COM", len(body), "comment")
            self._look_inside(body, f"{self._prefix}COM")
        elif code not in {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD}:
            self._into.add(FindingKind.UNKNOWN, f"{self._prefix}segment_{code:02X}", len(body), "segment")

    def _application(self, code: int, body: bytes, place: str) -> None:
        into = self._into
        if code == 0xE0 and body[:5] in {b"JFIF\x00", b"JFXX\x00"}:
            self._jfif(body, place)
        elif code == 0xE1 and body[:5] == b"Exif\x00":
            if self._has_exif:
                # Readers take the first; what a second one tells is told nevertheless.
                if into.enter():
                    collect_exif(body, f"{place}/Exif", into)
                    into.leave()
            else:
                collect_exif(body, f"{place}/Exif", into)
            self._has_exif = True
        elif code == 0xE1 and body.startswith(_XMP):
            collect_xmp(body[len(_XMP) :], f"{place}/XMP", into)
        elif code == 0xE1 and body.startswith(_EXTENDED) and len(body) >= len(_EXTENDED) + _GUID_BYTES + 8:
            at = len(_EXTENDED) + _GUID_BYTES
            offset = int.from_bytes(body[at + 4 : at + 8], "big")
            guid = body[len(_EXTENDED) : at]
            self._extended.setdefault(guid, {})[offset] = body[at + 8 :]
        elif code == 0xE2 and body.startswith(_ICC) and len(body) >= 14:
            if body[12] in self._profile:
                into.add(FindingKind.COLOUR, f"{place}/ICC", len(body), "profile")
            self._profile.setdefault(body[12], body[14:])
        elif code == 0xE2 and body.startswith(b"MPF\x00"):
            into.add(FindingKind.PROVENANCE, f"{place}/MPF", len(body), "picture_index")
        elif code == 0xEB and body[:2] == b"JP" and len(body) >= 16:
            instance, sequence = int.from_bytes(body[2:4], "big"), int.from_bytes(body[4:8], "big")
            self._jumbf.setdefault((instance, body[12:16]), {})[sequence] = body[8:]
        elif code == 0xED and body.startswith((_PHOTOSHOP, _OLD_PHOTOSHOP)):
            start = body.find(b"8BIM")
            collect_resources(body[max(start, 14) if start >= 0 else 14 :], f"{place}/8BIM", into)
        elif code == 0xEE and body[:5] == b"Adobe":
            if len(body) > _ADOBE_BYTES:
                into.add(FindingKind.UNKNOWN, place, len(body) - _ADOBE_BYTES, "vendor")
        else:
            self._vendor(code, body, place)

    def _jfif(self, body: bytes, place: str) -> None:
        if body[:5] == b"JFXX\x00":
            kind = body[5] if len(body) > 5 else 0
            picture = body[6:]
            size = picture_size(picture) if kind == 0x10 else tuple(picture[:2]) if len(picture) > 1 else None
            self._into.add(
                FindingKind.HIDDEN_PICTURE, f"{place}/JFXX", len(body), "thumbnail",
                size=(size[0], size[1]) if size else None, payload=picture if kind == 0x10 else None,
            )  # fmt: skip
        elif len(body) > _JFIF_BYTES:
            width, height = body[12], body[13]
            if width and height:
                self._into.add(
                    FindingKind.HIDDEN_PICTURE, f"{place}/JFIF", len(body) - _JFIF_BYTES, "thumbnail",
                    size=(width, height),
                )  # fmt: skip
            else:
                self._into.add(FindingKind.UNKNOWN, f"{place}/JFIF", len(body) - _JFIF_BYTES, "vendor")

    def _vendor(self, code: int, body: bytes, place: str) -> None:
        kind, detail = FindingKind.UNKNOWN, "vendor"
        for marker, start, meant, word in _VENDORS:
            if code == marker and body.startswith(start):
                kind, detail = meant, word
        self._into.add(kind, place, len(body), detail)
        self._look_inside(body, place)

    def _look_inside(self, body: bytes, place: str) -> None:
        if len(body) > 100:
            collect_embedded(body, place, "preview", self._into)

    def finish(self) -> None:
        """Put together what was spread over several segments."""
        profile = b"".join(self._profile[number] for number in sorted(self._profile))
        if profile:
            collect_profile(profile, f"{self._prefix}APP2/ICC", self._into)
        for parts in self._extended.values():
            packet = b"".join(parts[offset] for offset in sorted(parts))
            collect_xmp(packet, f"{self._prefix}APP1/ExtendedXMP", self._into)
        for pieces in self._jumbf.values():
            ordered = [pieces[number] for number in sorted(pieces)]
            # Every piece repeats the box's own header; it counts once.
            header = 16 if ordered[0][:4] == b"\x00\x00\x00\x01" else 8
            box = ordered[0] + b"".join(piece[header:] for piece in ordered[1:])
            collect_jumbf(box, f"{self._prefix}APP11/JUMBF", self._into)
