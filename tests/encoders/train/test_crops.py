"""Faces are cut once out of whatever lies in the folder, and found again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photoguard.encoders.students import LAYOUTS
from photoguard.encoders.students.loading import read
from photoguard.encoders.train.__main__ import main
from photoguard.encoders.train.crops import MARGIN, SIDE, crops


@pytest.fixture
def photos(tmp_path: Path, portrait: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "somebody").mkdir(parents=True)
    face = Image.open(portrait).convert("RGB").crop((130, 20, 330, 220))
    face.save(folder / "somebody" / "b.png")
    face.convert("L").save(folder / "somebody" / "a.png")
    Image.new("RGB", (200, 200), "grey").save(folder / "nobody.png")
    (folder / "rot.jpg").write_bytes(b"rot")
    (folder / "notes.txt").write_text("no photo")
    return folder


def test_one_face_for_each_photo_that_shows_one_in_the_order_of_their_names(photos: Path, tmp_path: Path) -> None:
    found = crops(photos, tmp_path / "kept.npy")
    assert found.shape == (2, 3, SIDE + 2 * MARGIN, SIDE + 2 * MARGIN)
    grey, colour = (np.ptp(crop.astype(int), axis=0).max() for crop in found)
    assert grey == 0 < colour


def test_what_was_cut_is_read_again(photos: Path, tmp_path: Path) -> None:
    first = crops(photos, tmp_path / "kept.npy")
    assert np.array_equal(crops(tmp_path / "gone", tmp_path / "kept.npy"), first)


def test_photos_without_faces_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no face"):
        crops(tmp_path, tmp_path / "kept.npy")


@pytest.mark.corpus
def test_the_command_leaves_a_student_that_loads(
    photos: Path, tmp_path: Path, model_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout, out = LAYOUTS[0], tmp_path / "out"
    for number in range(4):
        Image.open(photos / "somebody" / "b.png").rotate(2 * number).save(photos / f"more{number}.png")
    short = ["--students", layout.name, "--block-steps", "1", "--whole-steps", "2", "--batch", "4"]
    assert main([str(photos), "--models", str(model_files), "--out", str(out), *short]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["name"] == layout.name
    assert line["bytes"] == (out / f"{layout.name}.safetensors").stat().st_size
    assert read((out / f"{layout.name}.safetensors").read_bytes(), layout).name == layout.name
    with pytest.raises(SystemExit):
        main([str(photos), "--models", str(model_files), "--out", str(out), "--students", "anybody"])
