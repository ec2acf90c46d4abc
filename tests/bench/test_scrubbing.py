from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import jpeg, png
from builders.places import JPEG

from photoguard.bench.scrubbing import measure
from photoguard.cli import main


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


def test_of_a_large_photo_few_copies_are_held(tmp_path: Path) -> None:
    """Source and copy, but never a third: phones' photos are large, old computers are small."""
    large = tmp_path / "large.jpg"
    large.write_bytes(jpeg.SOI + jpeg.JFIF + jpeg.tables() + bytes(20_000_000) + jpeg.EOI)
    assert measure([large], exiftool_files=0).peak_memory < 3


def test_the_command_prints_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "scrub", str(folder), "--exiftool", "0"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["scrubbed"] == 7
    assert said["times_exiftool"] is None
