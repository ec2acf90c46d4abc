"""The judge of written bytes: accepts what may leave the house, and nothing that is one byte more."""

from __future__ import annotations

import struct
import zlib

import pytest
from builders import gif, jpeg, png, webp
from builders.blocks import exif, exif_orientation, profile

from photoguard.containers import icc
from photoguard.proof.residue import residue

CANONICAL = icc.canonical(profile(b"any"), 3).profile
GREY = icc.canonical(profile(b"any", b"GRAY"), 1).profile
TURNED = b"Exif\x00\x00" + exif_orientation(6)

CLEAN = {
    "jpeg": jpeg.jpeg(),
    "jpeg, turned": jpeg.jpeg(jpeg.segment(0xE1, TURNED)),
    "jpeg with a profile": jpeg.jpeg(jpeg.segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + GREY)),
    "png": png.png(),
    "png, turned": png.png(png.chunk(b"eXIf", exif_orientation(3))),
    "png with a profile": png.png(png.chunk(b"iCCP", b"ICC\x00\x00" + zlib.compress(CANONICAL))),
    "apng": png.apng(),
    "webp": webp.webp(),
    "webp, turned": webp.webp(after=webp.chunk(b"EXIF", exif_orientation(8)), flags=0x08),
    "webp with a profile": webp.webp(webp.chunk(b"ICCP", CANONICAL), flags=0x20),
    "webp, moving": webp.animation(),
    "webp, plain": webp.riff(webp.chunk(b"VP8L", webp.vp8l())),
    "gif": gif.gif(),
}


@pytest.mark.parametrize("name", CLEAN)
def test_clean_files_pass(name: str) -> None:
    assert residue(CLEAN[name], allow_orientation=True) == ()


@pytest.mark.parametrize("name", [name for name in CLEAN if "turned" in name])
def test_an_orientation_passes_only_where_it_is_allowed(name: str) -> None:
    assert residue(CLEAN[name], allow_orientation=False) != ()


@pytest.mark.parametrize("name", CLEAN)
def test_one_byte_more_anywhere_behind_is_found(name: str) -> None:
    for extra in (b"\x00", b"\xff", b"\n"):
        assert residue(CLEAN[name] + extra, allow_orientation=True) != ()


@pytest.mark.parametrize("name", CLEAN)
def test_a_file_cut_anywhere_is_found(name: str) -> None:
    data = CLEAN[name]
    for end in range(len(data)):
        assert residue(data[:end], allow_orientation=True) != (), end


def _is_coded(name: str, data: bytes, at: int) -> bool:
    """Whether a byte belongs to pixels, palettes and their tables, where any value is a picture."""
    if name.startswith("jpeg"):
        return at >= data.index(b"\xff\xdb") + 4
    if name.startswith("gif"):
        return True
    return name.startswith("webp") and at >= data.index(b"VP8L")


@pytest.mark.parametrize("name", [name for name in CLEAN if "gif" not in name])
def test_a_byte_put_in_before_the_pixels_is_found(name: str) -> None:
    data = CLEAN[name]
    for at in range(len(data) + 1):
        if not _is_coded(name, data, min(at, len(data) - 1)):
            assert residue(data[:at] + b"X" + data[at:], allow_orientation=True) != (), at


@pytest.mark.parametrize("name", [name for name in CLEAN if "profile" in name])
def test_a_profile_holds_nothing_but_numbers(name: str) -> None:
    """Each byte of the profile outside its colour numbers is fixed."""
    canonical = GREY if "jpeg" in name else CANONICAL
    numbers = _numbers(canonical)
    for at in range(len(canonical)):
        if at in numbers:
            continue
        other = canonical[:at] + bytes((canonical[at] ^ 0x20,)) + canonical[at + 1 :]
        if "jpeg" in name:
            data = jpeg.jpeg(jpeg.segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + other))
        elif "png" in name:
            data = png.png(png.chunk(b"iCCP", b"ICC\x00\x00" + zlib.compress(other)))
        else:
            data = webp.webp(webp.chunk(b"ICCP", other), flags=0x20)
        assert residue(data, allow_orientation=True) != (), at


def _numbers(canonical: bytes) -> set[int]:
    """Where the primaries and curves lie: any of these values is a colour space."""
    places: set[int] = set()
    for index in range(int.from_bytes(canonical[128:132], "big")):
        name, start, size = struct.unpack_from(">4sII", canonical, 132 + 12 * index)
        if name[1:] in {b"XYZ", b"TRC"}:
            places |= set(range(start + (8 if name.endswith(b"XYZ") else 12), start + size))
    return places


@pytest.mark.parametrize("turn", [0, 1, 9, 255])
def test_an_orientation_that_says_nothing_does_not_pass(turn: int) -> None:
    block = b"Exif\x00\x00" + exif_orientation(turn)
    assert residue(jpeg.jpeg(jpeg.segment(0xE1, block)), allow_orientation=True) != ()


def test_an_orientation_with_anything_beside_it_does_not_pass() -> None:
    for block in (exif_orientation(6) + b"x", exif_orientation(6, "<"), exif(b"Nobody")):
        assert residue(jpeg.jpeg(jpeg.segment(0xE1, b"Exif\x00\x00" + block)), allow_orientation=True) != ()
        assert residue(webp.webp(after=webp.chunk(b"EXIF", block), flags=8), allow_orientation=True) != ()
        assert residue(png.png(png.chunk(b"eXIf", block)), allow_orientation=True) != ()


def test_a_second_picture_does_not_pass() -> None:
    """Scans, chunks and frames that no viewer shows could be another photo."""
    whole = jpeg.tables()
    again = jpeg.SOI + jpeg.JFIF + whole + jpeg.scan() + jpeg.EOI
    assert residue(again, allow_orientation=True) != ()
    assert residue(jpeg.SOI + jpeg.JFIF + whole + whole + jpeg.EOI, allow_orientation=True) != ()
    twice = png.png(after=png.chunk(b"tIME", bytes(7)) + png.chunk(b"IDAT", zlib.compress(png.rows())))
    assert residue(twice, allow_orientation=True) != ()
    still = webp.webp(after=webp.chunk(b"VP8L", webp.vp8l()))
    assert residue(still, allow_orientation=True) != ()


def test_more_rows_than_the_header_promises_do_not_pass() -> None:
    assert residue(png.png(pixels=zlib.compress(png.rows(height=5))), allow_orientation=True) != ()
    assert residue(png.png(pixels=zlib.compress(png.rows(height=3))), allow_orientation=True) != ()


def test_a_wrong_checksum_does_not_pass() -> None:
    data = bytearray(png.png())
    data[-1] ^= 1
    assert residue(bytes(data), allow_orientation=True) != ()


@pytest.mark.parametrize("data", [b"", b"\xff", b"GIF87a", b"II*\x00", b"\x00\x00\x00\x18ftypheic", b"%PDF-1.7"])
def test_anything_else_is_one_finding(data: bytes) -> None:
    assert len(residue(data, allow_orientation=True)) <= 1
    assert residue(data + bytes(40), allow_orientation=True) != ()
