from __future__ import annotations

import csv
import struct
import time
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from builders.raw import DNG, Page, raw, sensor
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photoguard.domain import ImageFormat, Subsampling
from photoguard.errors import PhotoguardError, ProblemCode, Refused
from photoguard.pixels import decode
from photoguard.pixels.orientation import upright


def picture(width: int = 48, height: int = 32, *, grey: bool = False) -> Image.Image:
    """A smooth picture without symmetry, so that every turn and mix-up shows."""
    y, x = np.mgrid[0:height, 0:width]
    red, green, blue = x * 255 // width, y * 255 // height, (x * x + 3 * y) % 160
    stacked = np.stack([red, green, blue], axis=-1).astype(np.uint8)
    return Image.fromarray(stacked[:, :, 0] if grey else stacked)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def refusal(data: bytes) -> PhotoguardError:
    with pytest.raises(Refused) as caught:
        decode(data)
    return caught.value


def png_header(width: int, height: int, *, depth: int = 8, colour: int = 2) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_pixels_arrive_unchanged(kind: str) -> None:
    """A lossless file gives exactly the pixels that were put in, without a note."""
    options = {"lossless": True} if kind == "WEBP" else {}
    photo = decode(saved(picture(), kind, **options))
    assert np.array_equal(photo.pixels, np.asarray(picture()))
    assert photo.encoding.is_lossless
    assert photo.alpha is None
    assert photo.notes == ()
    assert photo.size == (48, 32)


def test_empty_file_and_no_photo_have_their_own_codes() -> None:
    """Nothing at all and something else are told apart."""
    assert refusal(b"").problem.code is ProblemCode.EMPTY_FILE
    assert refusal(b"not a photo at all, but long enough to be one").problem.code is ProblemCode.NOT_A_PHOTO


def test_a_huge_header_is_refused_with_its_size() -> None:
    """A 30,000 x 30,000 header is refused by its numbers, whatever follows."""
    problem = refusal(png_header(30_000, 30_000) + b"\0" * 40).problem
    assert problem.code is ProblemCode.TOO_LARGE
    assert (problem.facts["width"], problem.facts["height"]) == (30_000, 30_000)


@pytest.mark.parametrize(("side", "code"), [(30_000, ProblemCode.TOO_LARGE), (14_000, ProblemCode.TRUNCATED)])
def test_a_small_jpeg_with_a_huge_header_is_refused(side: int, code: ProblemCode) -> None:
    """A header that promises more than the bytes can hold is refused before pixels are allocated."""
    data = bytearray(saved(picture(16, 16), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    assert refusal(bytes(data)).problem.code is code


def test_a_blank_but_whole_large_jpeg_is_no_lie() -> None:
    """The emptiest picture of 25 megapixels that an encoder writes passes."""
    blank = Image.new("L", (5_000, 5_000), 128)
    assert decode(saved(blank, "JPEG", quality=1, optimize=True)).size == (5_000, 5_000)
    assert decode(saved(blank, "JPEG", quality=1, progressive=True)).size == (5_000, 5_000)


@pytest.mark.parametrize("plugin", ["WebP", "Gif"])
def test_the_limit_is_held_before_a_decoder_opens_the_file(plugin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For formats whose decoder allocates while opening, the size is read by ourselves first."""
    data = saved(picture(), plugin.upper())
    monkeypatch.setattr(f"PIL.{plugin}ImagePlugin.{plugin}ImageFile", None)
    with pytest.raises(Refused) as caught:
        decode(data, limit_megapixels=0.001)
    assert caught.value.problem.code is ProblemCode.TOO_LARGE
    assert caught.value.problem.facts["width"] == 48


def test_a_limit_below_the_photo_refuses_and_one_above_does_not() -> None:
    """The limit is in megapixels of the stored picture."""
    data = saved(picture(200, 100), "JPEG")
    assert decode(data, limit_megapixels=0.02).size == (200, 100)
    with pytest.raises(Refused):
        decode(data, limit_megapixels=0.0199)


def test_a_hundred_megapixels_pass_without_a_warning() -> None:
    """Pillow's own bomb limits do not stand in the way of big cameras."""
    data = saved(Image.new("L", (12_500, 8_000), 90), "PNG", compress_level=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(data).size == (12_500, 8_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_cut_file_is_called_truncated(kind: str, part: float) -> None:
    """A file that ends early is refused as truncated, wherever it was cut."""
    data = saved(picture(320, 240), kind)
    assert refusal(data[: int(len(data) * part)]).problem.code is ProblemCode.TRUNCATED


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_orientation_is_baked_into_the_pixels(orientation: int, kind: str) -> None:
    """All eight orientations come out as the picture that was meant."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90,
    }[orientation]
    stored = picture()
    photo = decode(saved(stored, kind, exif=exif.tobytes()))
    plain = decode(saved(stored, kind))
    assert np.array_equal(photo.pixels, turn(plain.pixels))
    assert ("rotated" in photo.notes) is (orientation != 1)


@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"])
def test_broken_exif_costs_nothing(exif: bytes) -> None:
    """A photo with an unreadable Exif block decodes as if it had none."""
    assert decode(saved(picture(), "JPEG", exif=exif)).notes == ()


def gamma_profile(space: str, gamma: float) -> bytes:
    """A minimal ICC v2 profile with a plain power curve: grey, or RGB with the sRGB primaries."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = {
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"desc": b"desc\0\0\0\0\0\0\0\1" + b"\0" * 80,
        b"cprt": b"text\0\0\0\0\0\0\0\0",
    }
    if space == "GRAY":
        tags[b"kTRC"] = curve
    else:
        tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
        tags |= {
            b"rXYZ": xyz(0.4361, 0.2225, 0.0139),
            b"gXYZ": xyz(0.3851, 0.7169, 0.0971),
            b"bXYZ": xyz(0.1431, 0.0606, 0.7141),
        }
    at, table, bodies = 132 + 12 * len(tags), b"", b""
    for name, body in tags.items():
        table += name + struct.pack(">II", at + len(bodies), len(body))
        bodies += body
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    header = struct.pack(">I4xI", at + len(bodies), 0x02400000) + b"mntr" + space.ljust(4).encode()
    header += b"XYZ " + made + b"acsp" + b"\0" * 28 + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + bodies


def srgb_of_linear(linear: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, as an oracle that shares nothing with LittleCMS."""
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("gamma", [1.0, 1.8, 3.0])
def test_an_rgb_profile_is_converted_to_srgb(gamma: float) -> None:
    """Colours with a power-law profile land where the sRGB formula puts them."""
    image = picture()
    photo = decode(saved(image, "PNG", icc_profile=gamma_profile("RGB", gamma)))
    expected = srgb_of_linear((np.asarray(image) / 255.0) ** gamma)
    assert np.abs(photo.pixels - expected).max() < 2.5
    assert photo.notes == ("converted_to_srgb",)


def test_a_grey_profile_keeps_grey() -> None:
    """A grey photo with a grey profile stays one channel and gets sRGB's tone curve."""
    image = picture(grey=True)
    photo = decode(saved(image, "PNG", icc_profile=gamma_profile("GRAY", 1.8)))
    assert photo.is_grey
    assert np.abs(photo.pixels - srgb_of_linear((np.asarray(image) / 255.0) ** 1.8)).max() < 2.0


def test_an_srgb_profile_leaves_every_pixel_alone() -> None:
    """Pixels that are sRGB already are not rounded a second time."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = decode(saved(picture(), "PNG", icc_profile=profile))
    assert np.array_equal(photo.pixels, np.asarray(picture()))
    assert photo.notes == ()


@pytest.mark.parametrize("profile", [b"rubbish", gamma_profile("GRAY", 2.2), gamma_profile("RGB", 1.8)[:200]])
def test_an_unusable_profile_is_ignored_and_noted(profile: bytes) -> None:
    """A broken profile, or one for another colour space, means sRGB with a note."""
    photo = decode(saved(picture(), "PNG", icc_profile=profile))
    assert np.array_equal(photo.pixels, np.asarray(picture()))
    assert photo.notes == ("treated_as_srgb",)


def test_grey_stays_grey_and_black_and_white_becomes_grey() -> None:
    """One-channel photos have one channel."""
    assert decode(saved(picture(grey=True), "JPEG")).is_grey
    bilevel = decode(saved(picture(grey=True).convert("1"), "PNG"))
    assert bilevel.is_grey
    assert set(np.unique(bilevel.pixels)) == {0, 255}


def test_sixteen_bits_are_rounded_to_eight() -> None:
    """Each 16-bit level becomes its nearest 8-bit level, with a note."""
    wide = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    photo = decode(saved(Image.fromarray(wide), "PNG"))
    assert np.array_equal(photo.pixels, np.round(wide / 257).astype(np.uint8))
    assert "reduced_to_8_bit" in photo.notes


def test_sixteen_bit_colour_is_noted() -> None:
    """Pillow reduces 16-bit RGB while unpacking; the note says so all the same."""
    rows = b"".join(b"\0" + struct.pack(">6H", 0, 257, 65535, 1000, 2000, 3000) for _ in range(2))
    body = b"IDAT" + zlib.compress(rows)
    data = png_header(2, 2, depth=16) + struct.pack(">I", len(body) - 4) + body
    data += struct.pack(">I", zlib.crc32(body)) + b"\0\0\0\0IEND\xaeB`\x82"
    photo = decode(data)
    assert photo.pixels[0, 0].tolist() == [0, 1, 255]
    assert "reduced_to_8_bit" in photo.notes


def test_alpha_is_kept_and_what_it_hides_is_not() -> None:
    """Half-transparent pixels keep their colour; under full transparency nothing survives."""
    rgba = np.dstack([np.asarray(picture()), np.full((32, 48), 255, np.uint8)])
    rgba[:8, :, 3], rgba[8:16, :, 3] = 0, 128
    photo = decode(saved(Image.fromarray(rgba), "PNG"))
    assert photo.alpha is not None
    assert np.array_equal(photo.alpha, rgba[:, :, 3])
    assert not photo.pixels[:8].any()
    assert np.array_equal(photo.pixels[8:], rgba[8:, :, :3])
    assert "cleared_under_transparency" in photo.notes


def test_full_alpha_is_no_alpha() -> None:
    """A channel that is opaque everywhere is dropped."""
    assert decode(saved(picture().convert("RGBA"), "PNG")).alpha is None


def test_palettes_become_colours() -> None:
    """A palette image gives the palette's colours, with its transparent entry as alpha."""
    image = picture().quantize(16)
    opaque = decode(saved(image, "PNG"))
    assert np.array_equal(opaque.pixels, np.asarray(image.convert("RGB")))
    holed = decode(saved(image, "PNG", transparency=0))
    assert holed.alpha is not None
    assert np.array_equal(holed.alpha == 0, np.asarray(image) == 0)


def test_cmyk_becomes_rgb_with_a_note() -> None:
    """A CMYK JPEG looks like its RGB self and says that it was converted."""
    photo = decode(saved(picture().convert("CMYK"), "JPEG", quality=100, subsampling=0))
    assert photo.pixels.shape == (32, 48, 3)
    assert np.abs(photo.pixels.astype(int) - np.asarray(picture())).mean() < 4
    assert photo.notes == ("converted_from_cmyk",)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animations_are_refused_unless_one_frame_will_do(kind: str) -> None:
    """An animation names its number of frames; on request its first frame is decoded."""
    frames = [picture(), picture().rotate(180), picture().rotate(90)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    problem = refusal(data).problem
    assert problem.code is ProblemCode.ANIMATED
    assert problem.facts["frames"] == 3
    assert "first_frame_only" in decode(data, first_frame=True).notes


def test_floats_are_refused() -> None:
    """Samples without a known range are not guessed at."""
    problem = refusal(saved(Image.fromarray(np.zeros((4, 4), np.float32)), "TIFF")).problem
    assert problem.code is ProblemCode.UNSUPPORTED_PIXELS


def test_a_raw_photo_without_a_finished_picture_is_refused() -> None:
    """Neither a thumbnail nor the sensor's values is a photo that we could hand back."""
    thumbnail = Page(48, 32, picture=saved(picture(), "JPEG"), tags=DNG, below=(sensor(2000, 1500),))
    for data in (saved(picture(), "TIFF", tiffinfo={254: 1}), raw(thumbnail), raw(sensor(2000, 1500))):
        problem = refusal(data).problem
        assert problem.code is ProblemCode.UNSUPPORTED_FORMAT
        assert problem.facts["format"] == "raw"


def test_of_a_raw_photo_the_finished_picture_is_taken_and_said_to_be_it() -> None:
    """As it was coded, so that its copy is coded alike."""
    inside = saved(picture(480, 320), "JPEG", quality=83, subsampling=0)
    photo = decode(raw(Page(480, 320, picture=inside, tags=DNG, below=(sensor(900, 600),))))
    assert np.array_equal(photo.pixels, decode(inside).pixels)
    assert photo.encoding == decode(inside).encoding
    assert photo.notes == ("finished_picture width=480 height=320 full_width=900 full_height=600",)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("own", [None, 1, 3])
def test_a_raw_photo_is_turned_unless_its_finished_picture_says_which_way_is_up(turn: int, own: int | None) -> None:
    exif = Image.Exif()
    if own is not None:
        exif[274] = own
    inside = saved(picture(480, 320), "JPEG", exif=exif)
    photo = decode(raw(Page(480, 320, picture=inside, tags=DNG | {274: (3, (turn,))}, below=(sensor(900, 600),))))
    believed = turn if own is None else own
    wanted = upright(Image.open(BytesIO(saved(picture(480, 320), "JPEG"))), believed)
    assert np.array_equal(photo.pixels, np.asarray(wanted))
    full = "full_width=600 full_height=900" if believed >= 5 else "full_width=900 full_height=600"
    assert photo.notes[0].endswith(full)
    assert ("rotated" in photo.notes) is (believed != 1)


def test_a_finished_picture_of_other_colours_is_said_to_look_different() -> None:
    inside = saved(picture(480, 320), "JPEG")
    photo = decode(raw(Page(480, 320, picture=inside, tags=DNG | {50970: (4, (3,))})))
    assert photo.notes[1:] == ("treated_as_srgb",)


def test_a_finished_picture_is_held_to_the_same_limits() -> None:
    """Its size, and whether its bytes can hold it; a cut picture is not made up with grey."""
    inside = bytearray(saved(picture(480, 320), "JPEG"))
    frame = inside.index(b"\xff\xc0")
    inside[frame + 5 : frame + 9] = struct.pack(">HH", 30_000, 30_000)
    assert refusal(raw(Page(480, 320, picture=bytes(inside), tags=DNG))).problem.code is ProblemCode.TOO_LARGE
    cut = saved(picture(480, 320), "JPEG")[:-2000]
    assert refusal(raw(Page(480, 320, picture=cut, tags=DNG))).problem.code is ProblemCode.TRUNCATED


def test_heic_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pi-heif a HEIC is refused with the name of the extra."""
    monkeypatch.setitem(__import__("sys").modules, "pi_heif", None)
    problem = refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64).problem
    assert problem.code is ProblemCode.NEEDS_EXTRA
    assert problem.facts == {"format": "heic", "extra": "heic"}


def test_heic_decodes_with_its_extra() -> None:
    """With pi-heif a HEIC gives its pixels within what its lossy coding costs."""
    pytest.importorskip("pi_heif")
    heif = pytest.importorskip("pillow_heif")
    out = BytesIO()
    heif.from_pillow(picture(128, 96)).save(out, quality=95, chroma=444)
    photo = decode(out.getvalue())
    assert photo.encoding.format is ImageFormat.HEIC
    assert np.abs(photo.pixels.astype(int) - np.asarray(picture(128, 96))).mean() < 6


@pytest.mark.parametrize(("option", "expected"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_coding_is_read_from_the_file(option: int, expected: str, *, progressive: bool) -> None:
    """Tables, subsampling, progression and quality are those that the file was written with."""
    data = saved(picture(), "JPEG", quality=83, subsampling=option, progressive=progressive)
    encoding = decode(data).encoding
    assert encoding.subsampling is Subsampling(expected)
    assert encoding.is_progressive is progressive
    assert encoding.quality == 83
    assert [list(table) for table in encoding.quantisation] == list(Image.open(BytesIO(data)).quantization.values())


@pytest.mark.parametrize("quality", [1, 20, 50, 75, 92, 100])
def test_the_estimated_quality_is_the_one_used(quality: int) -> None:
    """IJG tables are recognised exactly at every level."""
    assert decode(saved(picture(), "JPEG", quality=quality)).encoding.quality == quality


@pytest.mark.parametrize("quality", [10, 40, 60, 75, 80, 90, 95])
@pytest.mark.parametrize("method", [0, 4, 6])
def test_the_webp_quality_is_read_from_the_bitstream(quality: int, method: int) -> None:
    """The quantiser of a lossy WebP tells the quality it was saved with, roughly."""
    generator = np.random.default_rng(5)
    noisy = np.asarray(picture(256, 192), dtype=float) + generator.normal(0, 12, (192, 256, 3))
    image = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    encoding = decode(saved(image, "WEBP", quality=quality, method=method)).encoding
    assert not encoding.is_lossless
    assert abs(encoding.quality - quality) <= 4


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"]), data=st.data())
def test_damaged_bytes_never_raise_an_unnamed_error(kind: str, data: st.DataObject) -> None:
    """Whatever is overwritten or cut, the answer is a photo or one named refusal."""
    raw = bytearray(saved(picture(24, 16), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(1, len(raw)))])
    try:
        photo = decode(cut, limit_megapixels=4)
    except PhotoguardError:
        return
    assert photo.pixels.dtype == np.uint8


@pytest.mark.corpus
def test_dirty_files_decode_or_are_refused_with_one_code(metadata_corpus: Path) -> None:
    """Every file that a decoder can read gives a photo; every other gives one quick named refusal."""
    pytest.importorskip("pi_heif")
    may_refuse = {ProblemCode.ANIMATED, ProblemCode.UNSUPPORTED_FORMAT, ProblemCode.NOT_A_PHOTO}
    with (metadata_corpus / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index))
    wrong = []
    for row in rows:
        data = (metadata_corpus / row["path"]).read_bytes()
        started = time.process_time()
        try:
            decode(data)
        except PhotoguardError as error:
            if row["expected"] == "decodes" and error.problem.code not in may_refuse:
                wrong.append((row["path"], error.problem))
            # Processor time, so that a busy machine does not decide.
            if time.process_time() - started > 2:
                wrong.append((row["path"], "slow"))
        else:
            if row["expected"] == "refuse":
                wrong.append((row["path"], "decoded"))
    assert rows
    assert wrong == []
