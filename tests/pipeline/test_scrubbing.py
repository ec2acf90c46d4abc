"""Scrubbing as a user meets it: what the copy's file itself tells, what needs an extra part, what moves."""

from __future__ import annotations

import os
import stat
import sys
from io import BytesIO
from pathlib import Path

import pytest
from builders import bmff, jpeg, png, webp
from builders.blocks import box, exif_orientation, mp4
from builders.raw import DNG, Page, raw, sensor
from PIL import Image

from photoguard import pipeline
from photoguard.containers import Rewritten, rewrite
from photoguard.domain import OutcomeKind
from photoguard.errors import ProblemCode
from photoguard.i18n import Language, note_words

OLD = 1_000_000_000


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "in.jpg"
    path.write_bytes(jpeg.jpeg(jpeg.segment(0xFE, b"a secret")))
    os.utime(path, (OLD, OLD))
    path.chmod(0o640)
    return path


def test_times_and_permissions_are_those_of_a_new_file(photo: Path, tmp_path: Path) -> None:
    output = pipeline.scrub(photo, tmp_path / "out.jpg").output
    fresh = tmp_path / "fresh"
    fresh.touch()
    assert output is not None
    assert output.stat().st_mtime > OLD + 1
    if sys.platform != "win32":
        assert stat.S_IMODE(output.stat().st_mode) == stat.S_IMODE(fresh.stat().st_mode)
    assert photo.stat().st_mtime == OLD


def test_times_are_kept_when_asked_for(photo: Path, tmp_path: Path) -> None:
    output = pipeline.scrub(photo, tmp_path / "out.jpg", keep_times=True).output
    assert output is not None
    assert output.stat().st_mtime == OLD


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_are_not_copied(photo: Path, tmp_path: Path) -> None:
    try:
        os.setxattr(photo, "user.xdg.origin.url", b"https://example.org/album")
    except OSError:
        pytest.skip("this disk has no extended attributes")
    output = pipeline.scrub(photo, tmp_path / "out.jpg").output
    assert output is not None
    assert [name for name in os.listxattr(output) if name.startswith("user.")] == []


def test_a_heic_without_its_extra_part_is_listed_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.heic"
    source.write_bytes(bmff.heif([bmff.picture()], boxes=box(b"mpvd", mp4(b"a video"))))
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    assert [finding.detail for finding in pipeline.inspect(source).findings] == ["motion_photo"]
    outcome = pipeline.scrub(source, tmp_path / "out.heic")
    assert outcome.kind is OutcomeKind.REFUSED
    assert outcome.problem is not None
    assert outcome.problem.code is ProblemCode.NEEDS_EXTRA
    assert dict(outcome.problem.facts) == {"format": "heic", "extra": "heic"}
    assert [finding.detail for finding in outcome.findings] == ["motion_photo"]


@pytest.mark.parametrize("turn", range(2, 9))
def test_which_way_is_up_is_kept_and_nothing_beside_it(tmp_path: Path, turn: int) -> None:
    source = tmp_path / "in.jpg"
    source.write_bytes(jpeg.jpeg(jpeg.segment(0xE1, b"Exif\x00\x00" + exif_orientation(turn, "<"))))
    output = pipeline.scrub(source, tmp_path / "out.jpg").output
    assert output is not None
    with Image.open(output) as image:
        assert dict(image.getexif()) == {0x0112: turn}


@pytest.mark.parametrize("name", ["in.png", "in.webp"])
def test_an_animation_stays_one(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(png.apng() if name.endswith("png") else webp.animation())
    output = pipeline.scrub(source, tmp_path / f"out-{name}").output
    assert output is not None
    with Image.open(output) as image:
        assert getattr(image, "n_frames", 1) == 2


def test_an_animated_avif_becomes_an_animated_webp(tmp_path: Path) -> None:
    pytest.importorskip("PIL._avif")
    colours = [(200, 20, 20), (20, 200, 20), (20, 20, 200)]
    frames = [Image.new("RGB", (32, 24), colour) for colour in colours]
    frames[0].save(tmp_path / "in.avif", save_all=True, append_images=frames[1:], duration=70)
    outcome = pipeline.scrub(tmp_path / "in.avif", tmp_path / "out.avif")
    assert outcome.output == tmp_path / "out.webp"
    assert outcome.notes[0] == pipeline.REENCODED
    with Image.open(outcome.output) as image:
        assert image.n_frames == 3
        for number, colour in enumerate(colours):
            image.seek(number)
            seen = image.convert("RGB").getpixel((16, 12))
            assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) < 16


def test_a_picture_that_comes_out_different_is_not_written(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison with the source stands between a faulty rewriter and the disk."""
    out = BytesIO()
    Image.new("L", (32, 8), 90).save(out, "JPEG")
    other = rewrite(out.getvalue())
    assert isinstance(other, Rewritten)
    monkeypatch.setattr("photoguard.pipeline.scrubbing.rewrite", lambda _: other)
    outcome = pipeline.scrub(photo, tmp_path / "out.jpg")
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.problem is not None
    assert outcome.problem.code is ProblemCode.PIXELS_DIFFER
    assert [path.name for path in tmp_path.iterdir()] == ["in.jpg"]


def test_of_a_raw_photo_the_finished_picture_leaves_and_nothing_that_it_or_the_file_tells(tmp_path: Path) -> None:
    """As a JPEG, whatever the file was called, and the story says what the copy is."""
    inside = BytesIO()
    exif = Image.Exif()
    exif[271] = "secret camera"
    exif.get_ifd(0x8825)[29] = "2011:11:11"
    Image.new("RGB", (480, 320), "teal").save(inside, "JPEG", exif=exif, comment=b"secret place")
    told = DNG | {306: (2, b"2012:12:12 secret"), 700: (1, b"<x:xmpmeta>secret</x:xmpmeta>")}
    source = tmp_path / "in.dng"
    page = Page(480, 320, picture=inside.getvalue() + b"secret tail", tags=told, below=(sensor(900, 600),))
    source.write_bytes(raw(page))
    outcome = pipeline.scrub(source, tmp_path / "out.dng")
    assert outcome.kind is OutcomeKind.SCRUBBED
    assert outcome.output == tmp_path / "out.jpg"
    written = outcome.output.read_bytes()
    for word in (b"secret", b"2011:11:11", b"2012:12:12", b"Exif"):
        assert word not in written
    assert pipeline.inspect(outcome.output).findings == ()
    assert outcome.notes == (
        pipeline.REENCODED,
        "finished_picture width=480 height=320 full_width=900 full_height=600",
    )
    english, korean = (note_words(outcome.notes[1], tongue) for tongue in Language)
    assert "480 x 320 of 900 x 600 pixels" in english
    assert "900 x 600 픽셀 중 480 x 320" in korean
