"""The public functions: light to import, the same line of work as the command line."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

import photoguard
from photoguard import cloak, toolbox
from photoguard.cli import main
from photoguard.domain import FindingKind, Options, OutcomeKind, Progress, Strength
from photoguard.errors import Cancelled, ProblemCode, Refused, UsageMistake

FACE = face_at(60, 50, 96)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    Image.fromarray(drawn(240, 220, (FACE,))).save(path, quality=92, comment=b"Hong Gildong")
    return path


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """Every time that instruments are loaded."""
    asked: list[Options] = []

    def make(options: Options) -> toolbox.Toolbox:
        asked.append(options)
        return toolbox.Toolbox(FixedDetector((FACE,)), (SmallEncoder(),))

    toolbox.kept_toolbox.cache_clear()
    monkeypatch.setattr(toolbox, "toolbox_for", make)
    for strength, preset in cloak.PRESETS.items():
        monkeypatch.setitem(cloak.PRESETS, strength, replace(preset, most_steps=4))
    yield asked
    toolbox.kept_toolbox.cache_clear()


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, photoguard; assert not {'torch', 'dlib', 'PIL', 'numpy'} & set(sys.modules); photoguard.protect"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_everything_promised_is_there_and_explained() -> None:
    assert set(photoguard.__all__) == {"check", "protect", "scrub", "inspect", "__version__"}
    assert all(getattr(photoguard, name).__doc__ for name in ("check", "protect", "scrub", "inspect"))


def test_protect_loads_once_and_writes(photo: Path, tmp_path: Path, loads: list[Options]) -> None:
    heard: list[Progress] = []
    first = photoguard.protect(photo, tmp_path / "1.jpg", listener=heard.append)
    second = photoguard.protect(photo, tmp_path / "2.jpg", Options())
    assert first.kind is second.kind is OutcomeKind.PROTECTED
    assert (tmp_path / "1.jpg").read_bytes() == (tmp_path / "2.jpg").read_bytes()
    assert b"Gildong" not in (tmp_path / "1.jpg").read_bytes()
    assert heard
    assert loads == [Options()]
    photoguard.protect(photo, tmp_path / "3.jpg", Options(strength=Strength.GENTLE))
    assert len(loads) == 2


def test_check_answers_for_a_pair_with_what_protect_has_loaded(photo: Path, loads: list[Options]) -> None:
    checked = photoguard.check(photo, photo)
    assert checked.problem is None
    assert checked.took_part == ("small",)
    assert [face.judgement.took_part for face in checked.faces] == [("small",)]
    assert photoguard.check(photo, photo.with_name("no.jpg")).problem is not None
    assert loads == [Options()]


@pytest.mark.usefixtures("loads")
def test_a_bad_photo_is_an_outcome_and_a_cancel_leaves_nothing(photo: Path, tmp_path: Path) -> None:
    assert photoguard.protect(tmp_path / "no.jpg", tmp_path / "o.jpg").kind is OutcomeKind.REFUSED
    assert photoguard.protect(photo, photo).problem.code is ProblemCode.OUTPUT_IS_SOURCE

    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        photoguard.protect(photo, tmp_path / "out" / "o.jpg", listener=stop)
    assert not (tmp_path / "out").exists()


def test_options_without_an_engine_are_a_mistake(photo: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageMistake):
        photoguard.protect(photo, tmp_path / "o.jpg", Options(models=("nobody",)))


def test_scrub_and_inspect(photo: Path, tmp_path: Path) -> None:
    assert [finding.kind for finding in photoguard.inspect(photo).findings] == [FindingKind.TEXT]
    assert photoguard.scrub(photo, tmp_path / "out" / "a.jpg").kind is OutcomeKind.SCRUBBED
    assert photoguard.inspect(tmp_path / "out" / "a.jpg").findings == ()
    assert np.array_equal(np.asarray(Image.open(photo)), np.asarray(Image.open(tmp_path / "out" / "a.jpg")))
    with pytest.raises(Refused):
        photoguard.inspect(tmp_path / "nothing.jpg")


@pytest.mark.parametrize("words", [["--version"], ["--version", "--verbose"], ["--verbose", "--version"]])
def test_the_version_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0] == f"photoguard {photoguard.__version__}"
    assert ("torch 2.13" in said) == ("--verbose" in words)
    assert str(Path.home()) not in said
