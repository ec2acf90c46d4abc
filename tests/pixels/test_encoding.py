from __future__ import annotations

import struct
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photoguard.domain import Encoding, ImageFormat, OutputFormat, Photo, Subsampling
from photoguard.errors import Failed, PhotoguardError, ProblemCode
from photoguard.pixels import decode, encode, encoding_for, mcu_size, suited

SECRET = b"SECRET-canary-0451"


def scene(width: int = 320, height: int = 240, *, grey: bool = False) -> np.ndarray:
    """Something like a photo: smooth light, edges and a little grain."""
    generator = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    light = 110 + 70 * np.sin(x / 37) * np.cos(y / 23)
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 3) ** 2
    colours = [light + 50 * disc, light * 0.8 + 20 * disc, light * 0.6 + 60 * ~disc]
    stacked = np.stack(colours, axis=-1) + generator.normal(0, 3, (height, width, 1))
    pixels = stacked.clip(0, 255).astype(np.uint8)
    return pixels[:, :, 0] if grey else pixels


def saved(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def psnr(first: np.ndarray, second: np.ndarray) -> float:
    error = ((first.astype(float) - second.astype(float)) ** 2).mean()
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))


def jpeg_segments(data: bytes) -> list[tuple[int, bytes]]:
    """(marker, payload) up to and with the first SOS, walked by the lengths."""
    found, at = [], 2
    while True:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((marker, data[at + 4 : at + 2 + size]))
        if marker == 0xDA:
            return found
        at += 2 + size


def chunks(data: bytes) -> list[bytes]:
    at, names = 8, []
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += 12 + struct.unpack(">I", data[at : at + 4])[0]
    return names


def tables(data: bytes) -> dict[int, bytes]:
    """Quantisation tables by number, as raw zigzag bytes."""
    found = {}
    for marker, payload in jpeg_segments(data):
        if marker == 0xDB:
            for at in range(0, len(payload), 65):
                found[payload[at]] = payload[at + 1 : at + 65]
    return found


@pytest.mark.parametrize("quality", [40, 75, 90, 97])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_is_written_as_it_was(quality: int, subsampling: int, *, progressive: bool) -> None:
    """Same tables byte for byte, same sampling and progression, nearly the same size and pixels."""
    source = saved(scene(), "JPEG", quality=quality, subsampling=subsampling, progressive=progressive, optimize=True)
    photo = decode(source)
    written = encode(photo, encoding_for(photo))
    assert tables(written) == tables(source)
    before, after = dict(jpeg_segments(source)), dict(jpeg_segments(written))
    frame = 0xC2 if progressive else 0xC0
    assert after[frame] == before[frame]
    assert 0.85 < len(written) / len(source) < 1.15
    assert psnr(decode(written).pixels, photo.pixels) > 42


def test_odd_tables_are_kept_too() -> None:
    """Tables that no IJG quality has, also three different ones, are written back identically."""
    generator = np.random.default_rng(3)
    odd = [[int(n) for n in generator.integers(1, 40, 64)] for _ in range(3)]
    source = saved(scene(), "JPEG", qtables=odd, subsampling=2)
    photo = decode(source)
    assert tables(encode(photo, photo.encoding)) == tables(source)


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_a_turned_jpeg_gets_turned_tables(orientation: int) -> None:
    """With both axes exchanged the tables are exchanged too, so that the cost stays that of re-encoding."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    steep = [1 + 6 * (index % 8) + index // 8 for index in range(64)]
    source = saved(scene(), "JPEG", qtables=[steep], subsampling=0, exif=exif.tobytes())
    photo = decode(source)
    assert photo.encoding.quantisation[0] == tuple(np.array(steep).reshape(8, 8).T.ravel().tolist())
    # 320 x 240 turns onto the same block grid: the coefficients fall on the same steps again.
    right = psnr(decode(encode(photo, photo.encoding)).pixels, photo.pixels)
    wrong = psnr(decode(encode(photo, replace(photo.encoding, quantisation=(tuple(steep),)))).pixels, photo.pixels)
    assert right > wrong + 6


@pytest.mark.parametrize(("stored", "meant"), [(0, "4:4:4"), (1, "4:4:4"), (2, "4:2:0")])
def test_a_turned_jpeg_keeps_its_chroma_detail(stored: int, meant: str) -> None:
    """Chroma halved across is halved downwards after a quarter turn, which is written in full."""
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = decode(saved(scene(), "JPEG", subsampling=stored, exif=exif.tobytes()))
    assert photo.encoding.subsampling is Subsampling(meant)


def test_grey_jpeg_stays_grey() -> None:
    """A one-channel JPEG is written as one channel with its one table."""
    source = saved(scene(grey=True), "JPEG", quality=88)
    photo = decode(source)
    written = encode(photo, photo.encoding)
    assert decode(written).is_grey
    assert tables(written) == tables(source)


def test_no_secret_passes_from_source_to_copy() -> None:
    """Nothing of a source's comment, Exif, profile or text is in the copy; only structure is written."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    jpeg = saved(scene(), "JPEG", comment=SECRET, exif=exif.tobytes(), icc_profile=SECRET, dpi=(301, 301))
    photo = decode(jpeg)
    written = encode(photo, encoding_for(photo))
    assert SECRET in jpeg
    assert SECRET not in written
    assert {marker for marker, _ in jpeg_segments(written)} <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    assert dict(jpeg_segments(written))[0xE0] == b"JFIF\0\1\1\0\0\1\0\1\0\0"

    png = saved(scene(), "PNG", exif=exif.tobytes(), icc_profile=SECRET, dpi=(301, 301))
    photo = decode(png)
    written = encode(photo, encoding_for(photo))
    assert set(chunks(written)) == {b"IHDR", b"IDAT", b"IEND"}

    webp = saved(scene(), "WEBP", exif=exif.tobytes(), xmp=SECRET)
    photo = decode(webp)
    written = encode(photo, encoding_for(photo))
    assert written[12:16] == b"VP8 "
    assert len(written) == 20 + int.from_bytes(written[16:20], "little") + (written[16] & 1)


def test_a_picture_hidden_under_transparency_is_not_written() -> None:
    """What a fully transparent area of a PNG hides is gone from the copy."""
    hidden = np.dstack([scene(), np.zeros((240, 320), np.uint8)])
    hidden[:10, :, 3] = 255
    photo = decode(saved(hidden, "PNG"))
    copy = np.asarray(Image.open(BytesIO(encode(photo, photo.encoding))))
    assert not copy[10:, :, :3].any()
    assert np.array_equal(copy[:10], hidden[:10])


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("with_alpha", [False, True])
def test_png_and_lossless_webp_round_trips_are_exact(*, grey: bool, with_alpha: bool) -> None:
    """Lossless formats give back every pixel and every alpha value."""
    alpha = np.linspace(1, 255, 320).astype(np.uint8)[None].repeat(240, 0) if with_alpha else None
    for encoding in (
        Encoding(ImageFormat.PNG, is_lossless=True),
        Encoding(ImageFormat.WEBP, is_lossless=True),
    ):
        photo = Photo(scene(grey=grey), alpha, encoding)
        back = decode(encode(photo, encoding))
        pixels = photo.pixels
        if grey and not back.is_grey:  # WebP knows no grey
            pixels = pixels[:, :, None].repeat(3, 2)
        assert np.array_equal(back.pixels, pixels)
        assert (back.alpha is None) is (alpha is None)
        if alpha is not None:
            assert np.array_equal(back.alpha, alpha)


@pytest.mark.parametrize("quality", [60, 80, 90])
def test_lossy_webp_keeps_its_size(quality: int) -> None:
    """A WebP is written again at about its own quality."""
    source = saved(scene(512, 384), "WEBP", quality=quality)
    photo = decode(source)
    written = encode(photo, encoding_for(photo))
    assert 0.85 < len(written) / len(source) < 1.15
    assert psnr(decode(written).pixels, photo.pixels) > 36


def test_jpeg_flattens_transparency_on_white() -> None:
    """With JPEG wished for, transparency becomes white, and the photo says so."""
    alpha = np.zeros((64, 64), np.uint8)
    alpha[:, 32:] = 255
    photo = Photo(np.full((64, 64, 3), 40, np.uint8), alpha, Encoding(ImageFormat.PNG, is_lossless=True))
    encoding = encoding_for(photo, OutputFormat.JPEG)
    flat = suited(photo, encoding)
    assert flat.notes == ("flattened_on_white",)
    assert (flat.pixels[:, :32] == 255).all()
    assert (flat.pixels[:, 32:] == 40).all()
    assert np.abs(decode(encode(photo, encoding)).pixels.astype(int) - flat.pixels).mean() < 2


def test_half_transparent_grey_flattens_halfway() -> None:
    """Alpha 128 over white lands halfway, for grey photos too."""
    photo = Photo(
        np.zeros((8, 8), np.uint8),
        np.full((8, 8), 128, np.uint8),
        Encoding(ImageFormat.PNG, is_lossless=True),
    )
    flat = suited(photo, encoding_for(photo, OutputFormat.JPEG))
    assert (flat.pixels == 127).all()


@pytest.mark.parametrize(
    ("source", "has_alpha", "wish", "expected"),
    [
        ("heic", False, "keep", "jpeg"),
        ("heic", True, "keep", "png"),
        ("avif", False, "keep", "jpeg"),
        ("tiff", False, "keep", "png"),
        ("bmp", False, "keep", "png"),
        ("gif", True, "keep", "png"),
        ("png", False, "keep", "png"),
        ("heic", False, "png", "png"),
        ("heic", False, "webp", "webp"),
        ("png", False, "webp", "webp"),
        ("webp", False, "jpeg", "jpeg"),
    ],
)
def test_every_source_has_a_format_to_be_written_in(source: str, wish: str, expected: str, *, has_alpha: bool) -> None:
    """Formats that are only read become JPEG or PNG; a wish is followed; what comes out decodes."""
    kind = ImageFormat(source)
    lossless = kind in {ImageFormat.TIFF, ImageFormat.BMP, ImageFormat.GIF, ImageFormat.PNG}
    alpha = np.full((240, 320), 77, np.uint8) if has_alpha else None
    photo = Photo(scene(), alpha, Encoding(kind, is_lossless=lossless))
    encoding = encoding_for(photo, OutputFormat(wish))
    assert encoding.format is ImageFormat(expected)
    assert encoding.is_lossless is (expected == "png" or (lossless and expected == "webp"))
    back = decode(encode(photo, encoding))
    assert back.encoding.format is ImageFormat(expected)
    assert psnr(back.pixels, photo.pixels) > 38


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_crop_on_the_grid_predicts_the_written_bytes(subsampling: int, *, grey: bool) -> None:
    """Coding a crop that lies on the grid gives, away from its rim, the pixels of the whole file."""
    photo = decode(saved(scene(grey=grey), "JPEG", quality=80, subsampling=subsampling))
    changed = replace(photo, pixels=np.ascontiguousarray(photo.pixels[::-1]))
    step = mcu_size(photo.encoding)
    assert step == (8 if grey or subsampling == 0 else 16)
    left, top, side = 3 * step, 2 * step, 6 * step
    whole = decode(encode(changed, photo.encoding)).pixels[top : top + side, left : left + side]
    crop = replace(changed, pixels=np.ascontiguousarray(changed.pixels[top : top + side, left : left + side]))
    alone = decode(encode(crop, photo.encoding)).pixels
    assert np.array_equal(alone[1:-1, 1:-1], whole[1:-1, 1:-1])


@pytest.mark.parametrize("side", [1, 7, 16, 17, 512])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_small_pictures_are_written(side: int, kind: str) -> None:
    """Any size from one pixel up survives a round trip."""
    photo = decode(saved(scene(side, side), kind))
    assert decode(encode(photo, photo.encoding)).size == (side, side)


def test_changed_pixels_stay_local() -> None:
    """A changed region costs nothing outside it beyond what re-encoding costs."""
    photo = decode(saved(scene(640, 480), "JPEG", quality=85, subsampling=2))
    pixels = photo.pixels.copy()
    pixels[160:320, 160:320] = 255 - pixels[160:320, 160:320]
    written = decode(encode(replace(photo, pixels=pixels), photo.encoding)).pixels
    outside = np.ones((480, 640), bool)
    outside[158:322, 158:322] = False
    assert psnr(written[outside], photo.pixels[outside]) > 42


def test_a_side_too_long_for_the_format_fails_by_name() -> None:
    """WebP ends at 16,383 pixels; beyond it the failure says so."""
    long = Photo(np.zeros((1, 16_384, 3), np.uint8), None, Encoding(ImageFormat.PNG, is_lossless=True))
    with pytest.raises(Failed) as caught:
        encode(long, encoding_for(long, OutputFormat.WEBP))
    assert caught.value.problem.code is ProblemCode.TOO_LARGE


def test_the_same_pixels_give_the_same_bytes() -> None:
    """Encoding is repeatable."""
    for kind in ("JPEG", "PNG", "WEBP"):
        photo = decode(saved(scene(), kind))
        assert encode(photo, photo.encoding) == encode(photo, photo.encoding)


def test_subsampling_of_old_kinds_loses_no_detail() -> None:
    """A JPEG with chroma halved downwards only (4:4:0) is written without subsampling."""
    data = bytearray(saved(scene(), "JPEG", quality=90, subsampling=1))
    frame = data.index(b"\xff\xc0")
    # The luma sampling of 4:2:2 (2 x 1) turned to 1 x 2; the entropy data then means another picture.
    assert data[frame + 11] == 0x21
    data[frame + 11] = 0x12
    assert decode(bytes(data)).encoding.subsampling is Subsampling.S444


@pytest.mark.corpus
@pytest.mark.slow
def test_real_photos_keep_their_size_and_pixels(portraits: Path) -> None:
    """Over real JPEGs: size within 15 % for nine of ten, and at least 40 dB."""
    ratios, fidelity = [], []
    for path in sorted(portraits.rglob("*.jp*g"))[::4]:
        data = path.read_bytes()
        try:
            photo = decode(data)
        except PhotoguardError:
            continue
        if photo.encoding.format is not ImageFormat.JPEG:
            continue
        written = encode(photo, encoding_for(photo))
        headers = sum(len(payload) + 4 for marker, payload in jpeg_segments(data) if marker >= 0xE0)
        ratios.append(len(written) / (len(data) - headers))
        fidelity.append(psnr(decode(written).pixels, photo.pixels))
    assert len(ratios) > 20
    low, high = np.percentile(ratios, [5, 95])
    assert 0.85 < low < high < 1.15
    assert min(fidelity) > 40
