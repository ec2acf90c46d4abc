"""JUMBF boxes (ISO/IEC 19566-5): Content Credentials and the pictures that claims carry."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.pictures import collect_embedded, picture_size
from photoguard.domain import FindingKind

_MOST_BOXES = 3000
_DEEPEST = 12


def collect_jumbf(data: bytes, place: str, into: Collector) -> None:
    """Note a JUMBF superbox: what it is, and each picture in it."""
    is_c2pa = b"c2pa" in data[:256] or b"c2pa" in data[:100_000]
    into.add(FindingKind.PROVENANCE, place, len(data), "c2pa" if is_c2pa else "jumbf")
    counter = [0, 0]
    _walk(data, 0, len(data), place, "", 0, counter, into)
    if not counter[1]:
        collect_embedded(data, place, "claim_thumbnail", into)


def _walk(
    data: bytes, at: int, end: int, place: str, label: str, depth: int, counter: list[int], into: Collector
) -> None:
    while at + 8 <= end and counter[0] < _MOST_BOXES and depth < _DEEPEST:
        counter[0] += 1
        size = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        header = 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < header:
            return
        box_end = min(at + size, end)
        start = at + header
        if name == b"jumb":
            _walk(data, start, box_end, place, label, depth + 1, counter, into)
        elif name == b"jumd":
            label = _label(data[start:box_end])
        elif name == b"bidb":
            picture = data[start:box_end]
            dimensions = picture_size(picture)
            if dimensions or "thumbnail" in label:
                counter[1] += 1
                detail = "ingredient_thumbnail" if "ingredient" in label else "claim_thumbnail"
                into.add(
                    FindingKind.HIDDEN_PICTURE, f"{place}/thumbnail", len(picture), detail,
                    size=dimensions, payload=picture,
                )  # fmt: skip
        elif name == b"jp2c" or (name not in {b"cbor", b"json", b"bfdb", b"c2sh", b"free"} and size > 1000):
            counter[1] += collect_embedded(data[start:box_end], place, "claim_thumbnail", into)
        at = box_end


def _label(description: bytes) -> str:
    """Return the label behind the type's 16 bytes and one byte of toggles."""
    if len(description) < 18 or not description[16] & 2:
        return ""
    return description[17:].split(b"\x00", 1)[0][:64].decode("ascii", "replace")
