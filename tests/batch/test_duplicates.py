from __future__ import annotations

from pathlib import Path

from builders.places import JPEG

from photoguard.cli import main


def test_every_one_of_many_equal_photos_gets_a_copy_of_its_own(tmp_path: Path) -> None:
    """A copy that this very run made for one photo is never taken for the copy of another."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:03}.jpg").write_bytes(JPEG[number % 12].dirty)
    assert main(["scrub", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").iterdir())) == 60
