"""Recognises camera raw in TIFF's clothes (DNG, CR2, NEF, ARW) and finds the finished picture that lies in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from photoguard.containers.contents.directory import Directory, TiffBlock

_MOST_DIRECTORIES = 64
_MOST_SEGMENTS = 1000
_SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION = 254, 256, 257, 259, 262, 274
_STRIPS, _STRIP_BYTES, _SUB_IFDS, _JPEG_TABLES, _JPEG_START, _JPEG_BYTES = 273, 279, 330, 347, 513, 514
_EXIF_IFD, _EXIF_WIDTH, _EXIF_HEIGHT, _DNG_VERSION, _PREVIEW_COLOURS = 34665, 40962, 40963, 50706, 50970
_IS_REDUCED, _IS_ALTERNATIVE = 1, 1 << 16
_SENSOR = frozenset({32803, 34892})
"""Photometric interpretations of values that somebody has to develop: colour filter array, linear raw."""
_GREY, _RGB, _YCC = 1, 2, 6
_JPEG_COMPRESSIONS = frozenset({6, 7})
_SRGB_OR_UNSAID = frozenset({0, 1, 2})
"""Of the tag that names a preview's colours (DNG 1.7, PreviewColorSpace); 3 and 4: Adobe RGB, ProPhoto RGB."""

LEAST_SIDE = 640
"""A finished picture below this is a thumbnail, where it is below a quarter of the photo's pixels besides."""


@dataclass(frozen=True)
class Finished:
    """A JPEG inside the raw file, whole by the file's own account."""

    start: int
    end: int
    size: tuple[int, int]
    """(width, height) by the JPEG's own header."""
    has_usual_colours: bool = True
    """False where the raw file says that its colours mean another space than sRGB."""


@dataclass(frozen=True)
class RawPhoto:
    """What a raw file is about."""

    size: tuple[int, int]
    """(width, height) of the photo as stated, before orientation; never smaller than ``finished``."""
    orientation: int
    """1..8; true of ``finished`` too, unless that says something else itself."""
    finished: Finished | None
    """The largest finished picture; None where there is none, or only a thumbnail."""


def raw_photo(data: bytes) -> RawPhoto | None:
    """Look for a raw photo in a TIFF; None where it is none. Never fails, in bounded time.

    Only directories are walked, each once, never maker notes. A picture counts as finished where one strip, or what the
    old JPEG tags point at, is a baseline or progressive JPEG of 8 bits in grey, RGB or YCbCr that lies wholly in the file.
    """
    block = TiffBlock(data)
    first = block.read(block.first or 0) if block.first else None
    if first is None:
        return None
    pages = list(_pages(block, first))
    is_sensors = first.get(_DNG_VERSION) is not None or data[8:10] == b"CR"
    is_sensors |= any(block.number(page.get(_PHOTOMETRIC)) in _SENSOR for page in pages)
    if not is_sensors and not block.number(first.get(_SUBFILE)) & _IS_REDUCED:
        return None
    finished = None
    for page in pages if is_sensors else ():
        found = _finished(block, page)
        if found is not None and (finished is None or _area(found.size) > _area(finished.size)):
            finished = found
    sizes = [finished.size] if finished is not None else [(0, 0)]
    sizes += [_stated(block, page, _WIDTH, _HEIGHT) for page in pages if not block.number(page.get(_SUBFILE))]
    sizes.append(_exif_size(block, first))
    size = max(sizes, key=_area)
    if finished is not None and max(finished.size) < LEAST_SIDE and 4 * _area(finished.size) < _area(size):
        finished = None
    orientation = block.number(first.get(_ORIENTATION), 1)
    return RawPhoto(size, orientation if 1 <= orientation <= 8 else 1, finished)


def _pages(block: TiffBlock, first: Directory) -> Iterator[Directory]:
    """The directories of pages and those below them, each once, up to a bound."""
    waiting, seen = [first], {first.start}
    while waiting:
        page = waiting.pop(0)
        yield page
        for start in (*block.numbers(page.get(_SUB_IFDS))[:_MOST_DIRECTORIES], page.following):
            if start and start not in seen and len(seen) < _MOST_DIRECTORIES:
                seen.add(start)
                found = block.read(start)
                if found is not None:
                    waiting.append(found)


def _finished(block: TiffBlock, page: Directory) -> Finished | None:
    if block.number(page.get(_SUBFILE)) & ~(_IS_REDUCED | _IS_ALTERNATIVE):
        return None  # a mask, a depth map
    if page.get(_JPEG_TABLES) is not None or block.number(page.get(_COMPRESSION), 6) not in _JPEG_COMPRESSIONS:
        return None
    starts, lengths = block.numbers(page.get(_STRIPS)), block.numbers(page.get(_STRIP_BYTES))
    if page.get(_JPEG_START) is not None:
        starts, lengths = block.numbers(page.get(_JPEG_START)), block.numbers(page.get(_JPEG_BYTES))
    if len(starts) != 1 or len(lengths) != 1 or starts[0] + lengths[0] > len(block.data):
        return None
    start, end = starts[0], starts[0] + lengths[0]
    meaning = block.number(page.get(_PHOTOMETRIC), _YCC)
    frame = _frame(block.data, start, end)
    if frame is None or meaning not in {_GREY, _RGB, _YCC}:
        return None
    size, components, names_colours = frame
    if components != (1 if meaning == _GREY else 3) or (meaning == _RGB and not names_colours):
        return None  # to a decoder that sees the JPEG alone RGB without a word would be YCbCr
    has_usual_colours = block.number(page.get(_PREVIEW_COLOURS)) in _SRGB_OR_UNSAID
    return Finished(start, end, size, has_usual_colours)


def _frame(data: bytes | memoryview, start: int, end: int) -> tuple[tuple[int, int], int, bool] | None:
    """Size, number of components and whether the JPEG tells its colours itself; None for what is no such JPEG."""
    if bytes(data[start : start + 2]) != b"\xff\xd8":
        return None
    at, names_colours = start + 2, False
    for _ in range(_MOST_SEGMENTS):
        if at + 10 > end or data[at] != 0xFF:
            return None
        code, length = data[at + 1], data[at + 2] << 8 | data[at + 3]
        if code in {0xC0, 0xC1, 0xC2}:
            size = (data[at + 7] << 8 | data[at + 8], data[at + 5] << 8 | data[at + 6])
            return (size, data[at + 9], names_colours) if data[at + 4] == 8 and all(size) else None
        if not (code in {0xC4, 0xDB, 0xDD, 0xFE} or 0xE0 <= code <= 0xEF) or length < 2:
            return None
        names_colours |= (code, bytes(data[at + 4 : at + 8])) in {(0xE0, b"JFIF"), (0xEE, b"Adob")}
        at += 2 + length
    return None


def _exif_size(block: TiffBlock, first: Directory) -> tuple[int, int]:
    """What the Exif block says of the photo: CR2's page of the sensor's values has no size of its own."""
    start = block.number(first.get(_EXIF_IFD))
    exif = block.read(start) if start else None
    return (0, 0) if exif is None else _stated(block, exif, _EXIF_WIDTH, _EXIF_HEIGHT)


def _stated(block: TiffBlock, directory: Directory, width: int, height: int) -> tuple[int, int]:
    return block.number(directory.get(width)), block.number(directory.get(height))


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
