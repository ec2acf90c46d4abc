"""Hostile bytes: every parser answers or refuses by name, within bounds of time and memory."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest
from builders import bmff, gif, jpeg, png, tiff, webp
from builders.blocks import box, full_box
from builders.places import ALL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photoguard.containers import Rewritten, extract_hidden_picture, inventory, rewrite
from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.photoshop import collect_iptc, collect_resources
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.containers.icc import canonical
from photoguard.containers.orientation import read_orientation
from photoguard.errors import Refused
from photoguard.proof.residue import residue
from photoguard.proof.same_picture import same_picture

DIRTY = [place.dirty for place in ALL]
SETTINGS = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_TELLING = [0, 1, 2, 7, 8, 0x10, 0x7F, 0x80, 0xC0, 0xD8, 0xD9, 0xDA, 0xE1, 0xFE, 0xFF]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A dirty file with bytes changed, taken out, doubled, put in from another file, or its end cut off."""
    data = bytearray(draw(st.sampled_from(DIRTY)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        size = draw(st.sampled_from([1, 2, 4, 8, 30]))
        match draw(st.integers(0, 5)):
            case 0:
                data[at : at + 1] = bytes((draw(st.sampled_from(_TELLING)),))
            case 1:
                data[at : at + size] = b"\xff" * size
            case 2:
                del data[at : at + size]
            case 3:
                data[at:at] = data[at : at + size]
            case 4:
                other = draw(st.sampled_from(DIRTY))
                start = draw(st.integers(0, len(other) - 1))
                data[at:at] = other[start : start + draw(st.integers(1, 200))]
            case 5:
                del data[at:]
    return bytes(data)


def try_everything(data: bytes) -> None:
    """Run all that reads untrusted bytes; only a refusal may come out."""
    try:
        found = inventory(data)
    except Refused:
        return
    for finding in found.findings[:1]:
        extract_hidden_picture(data, finding)
    residue(data, allow_orientation=True)
    try:
        rewritten = rewrite(data)
    except Refused:
        return
    if isinstance(rewritten, Rewritten):
        # Whatever could be rewritten is clean and shows what the source shows.
        assert residue(rewritten.data, allow_orientation=True) == ()
        assert inventory(rewritten.data).findings == ()
        assert same_picture(data, rewritten.data)


@SETTINGS
@given(damaged())
def test_damaged_files_end_in_a_clean_copy_or_a_refusal(data: bytes) -> None:
    try_everything(data)


@SETTINGS
@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\x00\x00WEBP", b"GIF89a", b"II*\x00", b"BM",
                        b"\x00\x00\x00\x18ftypheic", b"\x00\x00\x00\x0cJXL \r\n\x87\n", b"\xff\x0a",
                        b"\x00\x00\x00\x0cjP  \r\n\x87\n"]), st.binary(max_size=400))  # fmt: skip
def test_any_bytes_behind_a_true_beginning(start: bytes, rest: bytes) -> None:
    try_everything(start + rest)


@SETTINGS
@given(st.binary(max_size=600), st.sampled_from([b"", b"MM\x00*\x00\x00\x00\x08", b"II*\x00\x08\x00\x00\x00", b"8BIM",
                                                 b"\x1c\x02", b"\x00\x00\x00\x20jumb", b"<?xpacket "]))  # fmt: skip
def test_readers_of_contents_never_fail(body: bytes, start: bytes) -> None:
    data = start + body
    for reader in (collect_exif, collect_xmp, collect_iptc, collect_resources, collect_jumbf):
        reader(data, "place", Collector(len(data)))
    collect_trailer(data, 0, "place", Collector(len(data)))
    assert 1 <= read_orientation(data) <= 8
    for components in (1, 3, 4):
        canonical(data, components)


MEGABYTE = 1 << 20
BOMBS = {
    "a text that inflates a thousandfold": png.png(png.chunk(b"zTXt", b"k\x00\x00" + zlib.compress(bytes(400 * MEGABYTE)))),
    "pixels that inflate a thousandfold": png.png(pixels=zlib.compress(bytes(400 * MEGABYTE))),
    "a profile that inflates a thousandfold": png.png(png.chunk(b"iCCP", b"k\x00\x00" + zlib.compress(bytes(400 * MEGABYTE)))),
    "fill bytes without end": jpeg.SOI + b"\xff" * (MEGABYTE // 4) + jpeg.tables() + jpeg.EOI,
    "a million starts of pictures": jpeg.jpeg(after=b"\xff\xd8\xff\xe0\x00\x02" * (MEGABYTE // 6)),
    "starts of videos": jpeg.jpeg(after=b"\x00\x00\x00\x08ftypmp42" * (MEGABYTE // 12)),
    "starts of PNGs": jpeg.jpeg(after=(png.SIGNATURE + png.header()) * (MEGABYTE // 40)),
    "empty segments": jpeg.jpeg(*[b"\xff\xe5\x00\x02"] * 12_000),
    "scans without end": jpeg.SOI + jpeg.tables() + jpeg.scan() * 10_000 + jpeg.EOI,
    "names without end": jpeg.jpeg(*[jpeg.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + b"<a:b " * 13_000)] * 2),
    "pictures named without end": jpeg.jpeg(
        *[jpeg.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + b"GImage:Data" * 5_900)] * 16
    ),
    "boxes in boxes": b"\x00\x00\x00\x18ftypheic" + bytes(16) + b"".join(
        (8 * (4000 - depth)).to_bytes(4, "big") + b"meta" for depth in range(4000)
    ),
    "empty boxes": bmff.heif([bmff.picture()], boxes=b"\x00\x00\x00\x08skip" * 10_000),
    "items without end": bmff.heif([bmff.picture()], [(b"dimg", 1, (1,) * 60_000)] * 20),
    "credentials in credentials": jpeg.jpeg(*[
        jpeg.segment(0xEB, b"JP\x00\x01" + number.to_bytes(4, "big") + b"\x00\x00\xff\xffjumb" * 4000)
        for number in range(1, 12)
    ]),
    "a directory that points at itself": tiff.tiff((330, 4, b"\x08\x00\x00\x00" * 8_000)),
    "a directory full of thumbnails": tiff.tiff((330, 4, b"".join((8 + n).to_bytes(4, "little") for n in range(3_000)))),
    "empty chunks": png.png(*[png.chunk(b"prVt", b"")] * 4_000),
    "frames without end": gif.gif(*[gif.frame()] * 3_000),
    "chunks in frames": webp.animation(inside=webp.chunk(b"SECR", b"") * 5_000),
    "blocks of one byte": gif.gif(gif.extension(0xFE, b"") + b"\x21\xfe" + b"\x01x" * 50_000 + b"\x00"),
    "tracks without end": bmff.heif([bmff.picture()], boxes=box(b"moov", box(b"trak", full_box(b"hdlr", 0)) * 5_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_little_memory(name: str) -> None:
    """No reader holds ten times its input (with room for a small one); a hang would stop the whole suite."""
    data = BOMBS[name]
    tracemalloc.start()
    try:
        try_everything(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    limit = 10 * len(data) + 4 * MEGABYTE
    assert peak < limit
