"""The comparison of coded pictures: equal for every rewriting, different for any change of the picture."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from builders import gif, jpeg, png, webp
from PIL import Image

from photoguard.containers import Rewritten, rewrite
from photoguard.proof.same_picture import same_picture

WHOLE = {"jpeg": jpeg.jpeg(), "png": png.png(), "apng": png.apng(), "webp": webp.webp(), "moving": webp.animation()}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_is_the_same_as_itself(name: str) -> None:
    assert same_picture(WHOLE[name], WHOLE[name])


def _pictures(seed: int) -> dict[str, bytes]:
    noise = np.random.default_rng(seed).integers(0, 255, (40, 56, 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    coded = {}
    for kind, options in {
        "JPEG": {}, "JPEG progressive": {"progressive": True}, "JPEG 4:4:4": {"subsampling": 0}, "PNG": {},
        "WEBP": {}, "WEBP lossless": {"lossless": True}, "GIF": {},
    }.items():  # fmt: skip
        out = BytesIO()
        image.save(out, kind.split()[0], exif=Image.Exif().tobytes() or None, comment=b"words", **options)
        coded[kind] = out.getvalue()
    return coded


@pytest.mark.parametrize("kind", _pictures(0))
def test_a_copy_is_the_same_and_another_photo_is_not(kind: str) -> None:
    one, other = _pictures(1)[kind], _pictures(2)[kind]
    copy = rewrite(one)
    assert isinstance(copy, Rewritten)
    assert same_picture(one, copy.data)
    assert not same_picture(other, copy.data)


@pytest.mark.parametrize("kind", _pictures(0))
def test_any_changed_byte_of_the_coded_picture_is_seen(kind: str) -> None:
    source = _pictures(3)[kind]
    copy = rewrite(source)
    assert isinstance(copy, Rewritten)
    data = copy.data
    start = {"J": data.find(b"\xff\xda"), "P": data.find(b"IDAT") + 4, "W": 20, "G": 13}[kind[0]]
    for at in range(start, len(data) - 20, max(1, len(data) // 97)):
        changed = data[:at] + bytes((data[at] ^ 0x15,)) + data[at + 1 :]
        if kind[0] == "W" and at < 30 and not (data[at - 4 : at].startswith(b"VP8")):
            continue
        assert not same_picture(source, changed), at


def test_a_changed_colour_space_is_seen() -> None:
    """The same coefficients read as RGB instead of YCbCr are another picture."""
    out = BytesIO()
    Image.new("RGB", (16, 16), (200, 30, 60)).save(out, "JPEG")
    source = out.getvalue()
    copy = rewrite(source)
    assert isinstance(copy, Rewritten)
    rgb = jpeg.segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 0))
    assert not same_picture(source, copy.data.replace(jpeg.JFIF, rgb))


def test_a_lost_frame_is_seen() -> None:
    moving = gif.gif()
    first_only = moving[: moving.rindex(b"\x21\xf9")] + b"\x3b"
    assert same_picture(moving, moving)
    assert not same_picture(moving, first_only)
    assert not same_picture(webp.animation(), webp.webp())
    assert not same_picture(png.apng(), png.png())


def test_changed_timing_is_seen() -> None:
    moving = gif.gif()
    assert not same_picture(moving, moving.replace(gif.control(10), gif.control(11)))
    slower = webp.animation().replace(
        (100).to_bytes(3, "little") + b"\x00VP8L", (101).to_bytes(3, "little") + b"\x00VP8L"
    )
    assert not same_picture(webp.animation(), slower)


def test_bytes_behind_a_compressed_stream_may_go() -> None:
    packed = zlib.compress(png.rows())
    assert same_picture(png.png(pixels=packed + b"secret"), png.png(pixels=packed))
    assert not same_picture(png.png(pixels=packed), png.png(pixels=packed + b"secret"))


def test_formats_are_never_the_same() -> None:
    assert not same_picture(jpeg.jpeg(), png.png())
    assert not same_picture(b"", b"")


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_file_is_never_the_same(name: str) -> None:
    data = WHOLE[name]
    for end in range(len(data) - 12):
        assert not same_picture(data, data[:end]), end
