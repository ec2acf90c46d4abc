"""Photoshop's image resources (8BIM) and the IPTC record inside them."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.pictures import collect_embedded, picture_size
from photoguard.domain import FindingKind

_SIGNATURES = frozenset({b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"})
_IPTC, _THUMBNAIL_OLD, _THUMBNAIL, _EXIF, _EXIF_3, _XMP, _ICC = 1028, 1033, 1036, 1058, 1059, 1060, 1039
_THUMBNAIL_HEADER = 28
_MOST_RESOURCES = 1000
_MOST_DATASETS = 5000

_PLACE, _WHEN, _WHO, _NOTE = FindingKind.LOCATION, FindingKind.TIME, FindingKind.AUTHOR, FindingKind.TEXT
# IPTC-IIM 4.2, application record.
_DATASETS: dict[int, tuple[FindingKind, str]] = {
    26: (_PLACE, "city"), 27: (_PLACE, "city"), 90: (_PLACE, "city"), 92: (_PLACE, "city"),
    95: (_PLACE, "city"), 100: (_PLACE, "city"), 101: (_PLACE, "city"),
    30: (_WHEN, "taken"), 35: (_WHEN, "taken"), 37: (_WHEN, "taken"), 38: (_WHEN, "taken"),
    47: (_WHEN, "taken"), 55: (_WHEN, "taken"), 60: (_WHEN, "taken"), 62: (_WHEN, "taken"),
    63: (_WHEN, "taken"),
    80: (_WHO, "creator"), 85: (_WHO, "creator"), 110: (_WHO, "creator"), 115: (_WHO, "creator"),
    116: (_WHO, "copyright"), 118: (_WHO, "contact"), 122: (_WHO, "creator"),
    65: (FindingKind.DEVICE, "software"), 70: (FindingKind.DEVICE, "software"),
    25: (_NOTE, "keywords"),
}  # fmt: skip


def collect_resources(data: bytes, place: str, into: Collector) -> None:
    """Note each image resource; the rest behind a broken one is one unknown finding."""
    at = 0
    for _ in range(_MOST_RESOURCES):
        if at + 12 > len(data):
            break
        if data[at : at + 4] not in _SIGNATURES:
            break
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        name_bytes = data[at + 6] + 1
        start = at + 6 + name_bytes + name_bytes % 2
        size = int.from_bytes(data[start : start + 4], "big")
        start += 4
        if start + size > len(data):
            break
        _collect_resource(number, data[start : start + size], place, into)
        at = start + size + size % 2
    rest = data[at:]
    if rest.strip(b"\x00"):
        into.add(FindingKind.UNKNOWN, place, len(rest), "broken_resources")
        collect_embedded(rest, place, "preview", into)


def _collect_resource(number: int, value: bytes, place: str, into: Collector) -> None:
    place = f"{place}/{number}"
    if number == _IPTC:
        collect_iptc(value, place, into)
    elif number in {_THUMBNAIL, _THUMBNAIL_OLD}:
        picture = value[_THUMBNAIL_HEADER:]
        stated = int.from_bytes(value[4:8], "big"), int.from_bytes(value[8:12], "big")
        into.add(
            FindingKind.HIDDEN_PICTURE, place, len(value), "photoshop_thumbnail",
            size=picture_size(picture) or stated, payload=picture,
        )  # fmt: skip
    elif number in {_EXIF, _EXIF_3, _XMP, _ICC}:
        from photoguard.containers.contents import exif, profile, xmp

        if number == _XMP:
            xmp.collect_xmp(value, place, into)
        elif number == _ICC:
            profile.collect_profile(value, place, into)
        elif into.enter():
            exif.collect_exif(value, place, into)
            into.leave()
    elif value:
        into.add(FindingKind.PROVENANCE, place, len(value), "photoshop")
        if len(value) > 1000:
            collect_embedded(value, place, "preview", into)


def collect_iptc(data: bytes, place: str, into: Collector) -> None:
    """Note what an IPTC-IIM record tells, summed up by meaning."""
    sums: dict[tuple[FindingKind, str], int] = {}
    at = 0
    for _ in range(_MOST_DATASETS):
        if data[at : at + 1] != b"\x1c" or at + 5 > len(data):
            break
        record, dataset = data[at + 1], data[at + 2]
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        start = at + 5
        if size & 0x8000:
            width = min(size & 0x7FFF, 8)
            size = int.from_bytes(data[start : start + width], "big")
            start += width
        end = min(start + size, len(data))
        meaning = _DATASETS.get(dataset, (_NOTE, "caption")) if record == 2 else (_NOTE, "iptc")
        if (record, dataset) in {(2, 202), (8, 10)}:
            meaning = FindingKind.HIDDEN_PICTURE, "preview"
            collect_embedded(data[start:end], place, "preview", into)
        if size:
            sums[meaning] = sums.get(meaning, 0) + end - at
        at = end
    for (kind, detail), size in sums.items():
        into.add(kind, place, size, detail)
    rest = data[at:]
    if rest.strip(b"\x00"):
        into.add(FindingKind.UNKNOWN, place, len(rest), "broken_iptc")
