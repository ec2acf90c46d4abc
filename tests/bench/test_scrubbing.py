from __future__ import annotations

import json
import random
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest
from builders import jpeg, png
from builders.places import JPEG
from PIL import Image

from photoguard.bench.scrubbing import measure
from photoguard.cli import main
from photoguard.domain import OutcomeKind
from photoguard.pipeline import scrub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, place in enumerate(JPEG[:6]):
        (tmp_path / f"{number}.jpg").write_bytes(place.dirty)
    (tmp_path / "a.png").write_bytes(png.png(png.chunk(b"tEXt", b"Author\x00me")))
    return tmp_path


def test_every_file_is_counted_and_none_is_left_behind(folder: Path) -> None:
    before = sorted(folder.iterdir())
    measured = measure(before, exiftool_files=1)
    assert (measured.files, measured.scrubbed) == (7, 7)
    assert measured.jpeg_megabytes_per_second is not None
    assert measured.jpeg_megabytes_per_second > 0
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("kind", ["jpeg", "png", "png of one chunk"])
def test_of_a_large_photo_few_copies_are_held(tmp_path: Path, kind: str) -> None:
    """Source and copy, but never a third: phones' photos are large, old computers are small."""
    large = tmp_path / "large"
    if kind == "jpeg":
        large.write_bytes(jpeg.SOI + jpeg.JFIF + jpeg.tables() + bytes(8_000_000) + jpeg.EOI)
    else:
        header = png.chunk(b"IHDR", struct.pack(">IIBBBBB", 2000, 1000, 8, 2, 0, 0, 0))
        stream = zlib.compress(b"".join(b"\x00" + random.Random(row).randbytes(6000) for row in range(1000)), 0)
        step = len(stream) if kind == "png of one chunk" else 1 << 16
        parts = [png.chunk(b"IDAT", stream[at : at + step]) for at in range(0, len(stream), step)]
        large.write_bytes(png.SIGNATURE + header + b"".join(parts) + png.chunk(b"IEND", b""))
    tracemalloc.start()
    try:
        assert scrub(large, tmp_path / "copy").kind is OutcomeKind.SCRUBBED
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2.7 * large.stat().st_size


def test_what_is_held_is_measured_for_kept_and_for_decoded_pictures(folder: Path) -> None:
    Image.new("RGB", (300, 200), "teal").save(folder / "b.tif")
    photos = sorted(folder.iterdir())
    measured = measure(photos, exiftool_files=0)
    largest = max((one for one in photos if one.suffix != ".tif"), key=lambda one: one.stat().st_size)
    assert measured.held_of_rewritten is not None
    assert measured.held_of_rewritten.megabytes == round(largest.stat().st_size / 1e6, 2)
    assert measured.held_of_decoded is not None
    assert measured.held_of_decoded.megabytes == 0.18
    assert measure(photos[:1], exiftool_files=0).held_of_decoded is None


def test_the_command_prints_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "scrub", str(folder), "--exiftool", "0"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["scrubbed"] == 7
    assert said["times_exiftool"] is None
