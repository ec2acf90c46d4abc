"""Finding the finished picture in a raw photo: the largest there is, and never by trusting an offset."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from builders import jpeg
from builders.raw import DNG, LINEAR, REDUCED, RGB, WHOLE, Page, raw, sensor
from builders.tiff import tiff
from hypothesis import given
from hypothesis import strategies as st

from photoguard.containers.contents.directory import TiffBlock
from photoguard.containers.tiff.raw import Finished, RawPhoto, raw_photo


def coded(
    width: int, height: int, *, code: int = 0xC0, depth: int = 8, components: int = 3, head: bytes = jpeg.JFIF
) -> bytes:
    """A JPEG as far as its frame header, and a scan of nothing."""
    frame = struct.pack(">BHHB", depth, height, width, components)
    frame += b"".join(bytes((one, 0x11, 0)) for one in range(components))
    return jpeg.SOI + head + jpeg.segment(code, frame) + bytes(40) + jpeg.EOI


def found(data: bytes) -> RawPhoto:
    photo = raw_photo(data)
    assert photo is not None
    return photo


def finished(data: bytes) -> Finished:
    inside = found(data).finished
    assert inside is not None
    return inside


LARGE = Page(1600, 1200, picture=coded(1600, 1200))
SMALL = Page(800, 600, picture=coded(800, 600))


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_largest_finished_picture_is_found_wherever_its_directory_hangs(order: str) -> None:
    for pages in (
        (Page(800, 600, picture=SMALL.picture, tags=DNG, below=(sensor(4000, 3000), LARGE)),),
        (replace(SMALL, below=(sensor(4000, 3000),)), LARGE),
        (replace(LARGE, subfile=WHOLE, meaning=None, compression=6), replace(SMALL, is_old=True), sensor(4000, 3000)),
        (replace(SMALL, below=(sensor(4000, 3000), replace(LARGE, is_old=True, compression=6))),),
    ):
        data = raw(*pages, order=order)
        inside = finished(data)
        assert (inside.size, data[inside.start : inside.end]) == ((1600, 1200), LARGE.picture)
        assert found(data).size == (4000, 3000)


def test_a_usual_tiff_is_no_raw_photo() -> None:
    assert raw_photo(tiff()) is None
    assert raw_photo(b"II*\x00" + bytes(4)) is None
    assert raw_photo(raw(replace(LARGE, subfile=WHOLE), SMALL)) is None


def test_a_small_first_page_without_values_of_a_sensor_gives_nothing() -> None:
    """Its large page may be finished too, in a coding that we do not look for."""
    assert found(raw(SMALL, replace(LARGE, subfile=WHOLE, meaning=RGB, compression=1))).finished is None


@pytest.mark.parametrize(
    "page",
    [
        replace(LARGE, meaning=LINEAR),
        replace(LARGE, subfile=4),  # a transparency mask
        replace(LARGE, subfile=8 | REDUCED),  # a depth map
        replace(LARGE, compression=1),
        replace(LARGE, tags={347: (1, bytes(20))}),  # its tables lie elsewhere
        replace(LARGE, tags={273: (4, (8, 900))}),  # several strips
        replace(LARGE, picture=coded(1600, 1200, code=0xC3)),  # lossless: sensor's values
        replace(LARGE, picture=coded(1600, 1200, depth=12)),
        replace(LARGE, picture=coded(1600, 1200, components=4)),
        replace(LARGE, picture=coded(0, 1200)),
        replace(LARGE, picture=coded(1600, 1200, head=b""), meaning=RGB),  # a decoder would take it for YCbCr
        replace(LARGE, picture=bytes(2000)),
        replace(LARGE, picture=LARGE.picture[:8]),
        replace(LARGE, picture=jpeg.SOI + jpeg.segment(0xFE, b"") * 2000 + LARGE.picture[2:]),
    ],
)
def test_what_is_no_finished_picture_is_passed_over(page: Page) -> None:
    data = raw(Page(800, 600, picture=SMALL.picture, tags=DNG, below=(sensor(2000, 1500), page)))
    assert finished(data).size == (800, 600)


@pytest.mark.parametrize(("start", "size"), [(2**31, 100), (8, 2**32 - 1), (2**32 - 1, 2**32 - 1)])
def test_a_picture_that_is_not_wholly_in_the_file_is_passed_over(start: int, size: int) -> None:
    page = replace(LARGE, tags={273: (4, (start,)), 279: (4, (size,))})
    assert finished(raw(Page(800, 600, picture=SMALL.picture, tags=DNG, below=(page,)))).size == (800, 600)
    assert found(raw(Page(4000, 3000, LINEAR, WHOLE, tags=DNG, below=(page,)))).finished is None


def test_a_thumbnail_is_not_taken_for_the_photo() -> None:
    """Below 640 pixels and below a quarter of the photo; either alone is enough to be taken."""

    def size(inside: tuple[int, int], whole: tuple[int, int]) -> tuple[int, int] | None:
        page = Page(*inside, picture=coded(*inside), tags=DNG, below=(sensor(*whole),))
        photo = found(raw(page))
        return photo.finished.size if photo.finished else None

    assert size((639, 479), (1280, 960)) is None
    assert size((640, 480), (6000, 4000)) == (640, 480)
    assert size((320, 240), (640, 480)) == (320, 240)
    assert size((256, 171), (2048, 1365)) is None


def test_the_size_may_come_from_the_exif_block_and_never_lies_below_the_picture() -> None:
    """Canon's page of the sensor's values has no size of its own."""
    exif = struct.pack("<HHHIIHHIII", 2, 40962, 4, 1, 5472, 40963, 4, 1, 3648, 0)
    page = replace(SMALL, meaning=None, compression=6, subfile=WHOLE, tags={34665: (4, (12,))})
    data = raw(page, mark=b"CR\x02\x00" + exif)
    assert found(data).size == (5472, 3648)
    assert found(raw(replace(LARGE, tags=DNG, below=(sensor(800, 600),)))).size == (1600, 1200)


@pytest.mark.parametrize(("said", "is_usual"), [(None, True), (1, True), (2, True), (3, False), (4, False)])
def test_what_colours_the_picture_has_is_told(said: int | None, is_usual: bool) -> None:
    tags = {} if said is None else {50970: (4, (said,))}
    assert finished(raw(replace(LARGE, tags=DNG | tags))).has_usual_colours is is_usual


@pytest.mark.parametrize(("said", "turn"), [(1, 1), (6, 6), (0, 1), (9, 1), (60_000, 1)])
def test_which_way_is_up_is_told(said: int, turn: int) -> None:
    assert found(raw(replace(LARGE, tags=DNG | {274: (3, (said,))}))).orientation == turn


def test_directories_in_a_circle_are_walked_once() -> None:
    data = bytearray(raw(replace(SMALL, tags=DNG | {330: (4, (8, 8, 2**32 - 1))})))
    start = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, start)[0]
    struct.pack_into("<I", data, start + 2 + 12 * count, start)
    assert finished(bytes(data)).size == (800, 600)
    loop = replace(SMALL, tags=DNG | {330: (4, (start, start))})
    assert finished(raw(loop, LARGE)).size == (1600, 1200)


def test_endless_directories_are_walked_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte of a long block of zeros may begin one; so may entries that overlap."""
    many = struct.pack("<H", 4096) + struct.pack("<HHI4s", 330, 4, 1, b"\xff\xff\xff\x7f") * 4096
    starts = tuple(range(8, 8 + 12 * 2000, 12))
    data = raw(replace(SMALL, tags=DNG | {330: (4, starts)}), mark=many * 2)
    read, asked = TiffBlock.read, []
    monkeypatch.setattr(TiffBlock, "read", lambda block, start: (asked.append(start), read(block, start))[1])
    assert finished(data).size == (800, 600)
    assert len(asked) == len(set(asked)) <= 66


@given(data=st.data())
def test_no_damage_makes_it_fail(data: st.DataObject) -> None:
    whole = bytearray(raw(replace(SMALL, tags=DNG, below=(sensor(2000, 1500), LARGE)), SMALL))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(8, len(whole)))])
    photo = raw_photo(cut)
    if photo is not None and photo.finished is not None:
        assert 0 <= photo.finished.start < photo.finished.end <= len(cut)
        assert cut[photo.finished.start :][:2] == jpeg.SOI
        assert photo.size[0] * photo.size[1] >= photo.finished.size[0] * photo.finished.size[1]
