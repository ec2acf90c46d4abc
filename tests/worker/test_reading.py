"""The light engine: what it tells of a file, without torch and without raising for bad photos."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photoguard.domain import FindingKind, Platform
from photoguard.errors import PhotoguardError, ProblemCode
from photoguard.worker.messages import (
    FacesFound,
    FindFaces,
    ListModels,
    Look,
    Looked,
    ModelsListed,
    PairShown,
    Region,
    ShowPair,
)
from photoguard.worker.reading import reading_engine


def _silent(_progress: object) -> None:
    return None


def _jpeg(path: Path, size: tuple[int, int] = (60, 40), *, orientation: int = 1, gps: bool = False) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
    Image.fromarray(np.full((size[1], size[0], 3), (200, 40, 40), np.uint8)).save(path, exif=exif)
    return path


def _look(path: Path) -> Looked:
    answer = reading_engine().answer(Look(7, path), _silent)
    assert isinstance(answer, Looked)
    return answer


def test_tells_what_a_photo_carries_and_shows_it_upright(tmp_path: Path) -> None:
    seen = _look(_jpeg(tmp_path / "a.jpg", orientation=6, gps=True))
    assert FindingKind.LOCATION in {finding.kind for finding in seen.findings}
    assert seen.size == (40, 60)
    assert seen.thumbnail is not None
    assert (seen.thumbnail.width, seen.thumbnail.height) == (40, 60)
    assert len(seen.thumbnail.rgb) == 40 * 60 * 3
    assert seen.problem is None


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", ProblemCode.EMPTY_FILE), (b"hello", ProblemCode.NOT_A_PHOTO), (None, ProblemCode.VANISHED)],
)
def test_says_why_a_file_cannot_be_worked_on(tmp_path: Path, content: bytes | None, code: ProblemCode) -> None:
    path = tmp_path / "odd.jpg"
    if content is not None:
        path.write_bytes(content)
    seen = _look(path)
    assert seen.problem is not None
    assert seen.problem.code is code
    assert seen.thumbnail is None


def test_a_cut_photo_still_tells_what_it_carries(tmp_path: Path) -> None:
    path = _jpeg(tmp_path / "cut.jpg", (640, 480), gps=True)
    path.write_bytes(path.read_bytes()[:-2000])
    seen = _look(path)
    assert seen.problem is not None
    assert FindingKind.LOCATION in {finding.kind for finding in seen.findings}


def test_a_moving_picture_is_shown_and_told(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((8, 8, 3), grey, np.uint8)) for grey in (0, 255)]
    frames[0].save(tmp_path / "moves.gif", save_all=True, append_images=frames[1:])
    seen = _look(tmp_path / "moves.gif")
    assert seen.problem is not None
    assert seen.problem.code is ProblemCode.ANIMATED
    assert seen.thumbnail is not None


def test_a_pair_has_the_size_that_the_proof_compared(tmp_path: Path) -> None:
    source = _jpeg(tmp_path / "wide.jpg", (2160, 300))
    copy = _jpeg(tmp_path / "copy.jpg", (1080, 150))
    pair = reading_engine().answer(ShowPair(1, source, copy, Platform.INSTAGRAM), _silent)
    assert isinstance(pair, PairShown)
    assert (pair.before.width, pair.before.height) == (pair.after.width, pair.after.height) == (1080, 150)


def test_what_is_transparent_is_shown_on_white(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[:2] = (10, 20, 30, 255)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    (tmp_path / "a.png").write_bytes(buffer.getvalue())
    seen = _look(tmp_path / "a.png")
    assert seen.thumbnail is not None
    rgb = np.frombuffer(seen.thumbnail.rgb, np.uint8).reshape(4, 4, 3)
    assert rgb[0, 0].tolist() == [10, 20, 30]
    assert rgb[3, 3].tolist() == [255, 255, 255]


def test_finds_the_face_of_the_sample_portrait(portrait: Path) -> None:
    found = reading_engine().answer(FindFaces(1, portrait), _silent)
    assert isinstance(found, FacesFound)
    assert len(found.faces) == 1
    assert 0.3 < found.faces[0].x + found.faces[0].width / 2 < 0.6


def test_faces_of_a_missing_file_are_a_named_problem(tmp_path: Path) -> None:
    with pytest.raises(PhotoguardError) as caught:
        reading_engine().answer(FindFaces(1, tmp_path / "no.jpg"), _silent)
    assert caught.value.problem.code is ProblemCode.VANISHED


def test_regions_and_boxes_are_each_others_inverse() -> None:
    region = Region(0.25, 0.5, 0.125, 0.25)
    assert Region.of(region.box((640, 480)), (640, 480)) == region


@pytest.mark.parametrize(
    "module", ["photoguard.worker.reading", "photoguard.worker.client", "photoguard.worker.messages"]
)
def test_loads_neither_torch_nor_qt(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'torch', 'dlib', 'PySide6'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("is_ready", [True, False])
def test_tells_whether_a_shield_can_be_worked_out(monkeypatch: pytest.MonkeyPatch, is_ready: bool) -> None:
    monkeypatch.setattr("photoguard.latents.is_ready", lambda: is_ready)
    answer = reading_engine().answer(ListModels(3), _silent)
    assert isinstance(answer, ModelsListed)
    assert answer.can_shield is is_ready
