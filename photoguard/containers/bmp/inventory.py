"""Takes inventory of a BMP: an embedded profile, gaps, and bytes behind the pixels."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.domain import FindingKind

_V5_HEADER = 124
_EMBEDDED, _LINKED = b"DEBM", b"KNIL"


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a BMP besides its header, palette and pixels."""
    prefix = f"{place}/" if place else ""
    header_bytes = int.from_bytes(data[14:18], "little")
    start = int.from_bytes(data[10:14], "little")
    if header_bytes < 40 or len(data) < 54:
        width, height = int.from_bytes(data[18:20], "little"), int.from_bytes(data[20:22], "little")
        depth, packing, stated, colours, entry_bytes = int.from_bytes(data[24:26], "little"), 0, 0, 0, 3
    else:
        width = int.from_bytes(data[18:22], "little")
        height = abs(int.from_bytes(data[22:26], "little", signed=True))
        depth, packing = int.from_bytes(data[28:30], "little"), int.from_bytes(data[30:34], "little")
        stated, colours = int.from_bytes(data[34:38], "little"), int.from_bytes(data[46:50], "little")
        entry_bytes = 4
    if not into.is_inside:
        into.size = width, height
    plain_bytes = (width * depth + 31) // 32 * 4 * height
    end = start + (plain_bytes if packing in {0, 3, 6} else stated or plain_bytes)
    palette = (colours or (1 << depth if depth <= 8 else 0)) * entry_bytes
    masks = 12 if packing == 3 and header_bytes == 40 else 16 if packing == 6 and header_bytes == 40 else 0
    gap = data[14 + header_bytes + masks + palette : start]
    if gap.strip(b"\x00"):
        into.add(FindingKind.UNKNOWN, f"{prefix}gap", len(gap), "unclaimed")
    end = max(end, _profile(data, header_bytes, end, prefix, into))
    if end > len(data):
        into.problem("truncated")
    elif end < len(data):
        collect_trailer(data, end, f"{prefix}trailer", into)


def _profile(data: bytes, header_bytes: int, end: int, prefix: str, into: Collector) -> int:
    """Note the profile of a version 5 header; return where it ends if it lies right behind the pixels."""
    kind = data[14 + 56 : 14 + 60]
    if header_bytes < _V5_HEADER or kind not in {_EMBEDDED, _LINKED}:
        return end
    start = 14 + int.from_bytes(data[14 + 112 : 14 + 116], "little")
    size = int.from_bytes(data[14 + 116 : 14 + 120], "little")
    if kind == _LINKED:
        into.add(FindingKind.PROVENANCE, f"{prefix}profile_path", size, "path")
    else:
        collect_profile(data[start : start + size], f"{prefix}ICC", into)
    return start + size if end <= start <= end + 3 else end
