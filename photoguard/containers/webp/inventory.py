"""Takes inventory of a WebP: every RIFF chunk that is no part of the picture, and all behind the last."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.pictures import collect_embedded
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

_FRAME_HEADER = 16
_MOST_CHUNKS = 100_000


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a WebP besides its picture; ``place`` is a prefix for files inside files."""
    prefix = f"{place}/" if place else ""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        into.problem("truncated")
    _Walk(data, prefix, into).run(12, min(end, len(data)), in_frame=False)
    if end < len(data):
        collect_trailer(data, end, f"{prefix}trailer", into)


class _Walk:
    def __init__(self, data: bytes, prefix: str, into: Collector) -> None:
        self._data = data
        self._prefix = prefix
        self._into = into
        self._has_picture = False
        self._is_animated = False
        self._frames = 0
        self._seen: set[bytes] = set()

    def run(self, at: int, end: int, *, in_frame: bool) -> None:
        data, into = self._data, self._into
        has_stream = False
        for _ in range(_MOST_CHUNKS):
            if at + 8 > end:
                break
            name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
            if at + 8 + size > end:
                into.problem("truncated")
                break
            is_stream = name in {b"VP8 ", b"VP8L"}
            if in_frame and (name == b"ALPH" or is_stream) and not has_stream:
                has_stream = is_stream
            elif in_frame:
                into.add(FindingKind.UNKNOWN, f"{self._prefix}ANMF/{_spelled(name)}", size, "chunk")
                collect_embedded(data[at + 8 : at + 8 + size], f"{self._prefix}ANMF", "preview", into)
            else:
                self._chunk(name, at + 8, size)
            at += 8 + size
            if size & 1:
                if at < end and data[at]:
                    into.add(FindingKind.UNKNOWN, f"{self._prefix}padding", 1, "padding")
                at += 1
        if at < end:
            into.add(FindingKind.UNKNOWN, f"{self._prefix}rest", end - at, "broken")
            collect_embedded(data[at:end], f"{self._prefix}rest", "preview", into)

    def _chunk(self, name: bytes, at: int, size: int) -> None:
        into, place = self._into, self._prefix + _spelled(name)
        body = self._data[at : at + size]
        is_repeated = name in self._seen
        self._seen.add(name)
        if name == b"VP8X" and size == 10 and not is_repeated:
            self._is_animated = bool(body[0] & 2)
            if not into.is_inside:
                width, height = int.from_bytes(body[4:7], "little"), int.from_bytes(body[7:10], "little")
                into.size = width + 1, height + 1
        elif name in {b"VP8 ", b"VP8L"} and not self._has_picture and not self._is_animated:
            self._has_picture = True
            if into.size is None and not into.is_inside:
                into.size = _stream_size(name, body)
        elif (name == b"ANIM" and size == 6 and not is_repeated) or (name == b"ALPH" and not self._has_picture):
            return
        elif name == b"ANMF" and self._is_animated and size >= _FRAME_HEADER:
            self._frames += 1
            if not into.is_inside:
                into.frames = self._frames
            self.run(at + _FRAME_HEADER, at + size, in_frame=True)
        elif name == b"EXIF":
            collect_exif(body, place, into)
        elif name == b"XMP ":
            collect_xmp(body, place, into)
        elif name == b"ICCP":
            collect_profile(body, place, into)
        elif name == b"C2PA":
            collect_jumbf(body, place, into)
        else:
            detail = "second_picture" if name in {b"VP8 ", b"VP8L"} else "chunk"
            kind = FindingKind.HIDDEN_PICTURE if detail == "second_picture" else FindingKind.UNKNOWN
            into.add(kind, place, size, detail, size=_stream_size(name, body))
            collect_embedded(body, place, "preview", into)


def _stream_size(name: bytes, body: bytes) -> tuple[int, int] | None:
    if name == b"VP8 " and len(body) >= 10:
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if name == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _spelled(name: bytes) -> str:
    stripped = name.strip()
    return stripped.decode("ascii") if stripped.isalnum() and stripped.isascii() else "unknown"
