"""Takes inventory of a TIFF or BigTIFF: tags, sub-directories, further pages, and bytes of no one."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.directory import TiffBlock
from photoguard.containers.contents.exif import DirectoryWalker
from photoguard.containers.contents.pictures import collect_embedded
from photoguard.domain import FindingKind

_MOST_PAGES = 60
_NEW_SUBFILE_TYPE, _ORIENTATION = 254, 274
_IS_REDUCED = 1


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a TIFF besides the first page's pixels."""
    prefix = place or "TIFF"
    block = TiffBlock(data)
    walker = DirectoryWalker(block, prefix, into, is_tiff=True)
    walker.spans.append((0, 16 if block.is_big else 8))
    start, page = block.first or 0, 0
    seen: set[int] = set()
    while start and start not in seen and page < _MOST_PAGES:
        seen.add(start)
        directory = block.read(start)
        if directory is None:
            into.problem("truncated")
            break
        name = f"IFD{page}"
        walker.directory(directory, name)
        if page == 0:
            walker.picture_spans(directory)
            if not into.is_inside:
                into.size = walker.stated_size(directory)
                orientation = block.number(directory.get(_ORIENTATION), 1)
                into.orientation = orientation if 1 <= orientation <= 8 else 1
            if block.number(directory.get(513)):
                walker.thumbnail(directory, name)
        else:
            is_reduced = block.number(directory.get(_NEW_SUBFILE_TYPE)) & _IS_REDUCED
            walker.thumbnail(directory, name, "thumbnail" if is_reduced else "page")
        start, page = directory.following, page + 1
    if walker.is_broken:
        into.problem("malformed")
    _collect_gaps(data, walker.spans, prefix, into)


def _collect_gaps(data: bytes, spans: list[tuple[int, int]], prefix: str, into: Collector) -> None:
    """Note the bytes that no directory, value or picture claims, as one finding and what is in them."""
    reached, unclaimed = 0, 0
    for start, end in [*sorted(spans), (len(data), len(data))]:
        gap = data[reached:start] if start > reached else b""
        # A writer leaves at most a few bytes between parts, to align them.
        if len(gap) > 3 and gap.strip(b"\x00"):
            unclaimed += len(gap)
            if len(gap) > 100:
                collect_embedded(gap, f"{prefix}/unclaimed", "preview", into)
        reached = max(reached, end)
    if unclaimed:
        into.add(FindingKind.UNKNOWN, f"{prefix}/unclaimed", unclaimed, "unclaimed")
