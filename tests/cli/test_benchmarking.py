"""`photoguard bench protect`: words, exit codes, and taking up again."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard import cloak
from photoguard.bench import judging
from photoguard.bench.judging import Judges
from photoguard.cli import main
from photoguard.toolbox import Toolbox

_FACE = face_at(60, 50, 96)
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOGUARD_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("PHOTOGUARD_MODELS", raising=False)


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        "photoguard.toolbox.toolbox_for", lambda _: Toolbox(FixedDetector((_FACE,)), (SmallEncoder("surrogate"),))
    )
    judge = SmallEncoder("judge", seed=4)
    monkeypatch.setattr(judging, "judges_in", lambda _: Judges((judge,), {"judge": 0.9}))
    for strength, preset in cloak.PRESETS.items():
        monkeypatch.setitem(cloak.PRESETS, strength, replace(preset, most_steps=6))
    for number in range(2):
        path = tmp_path / "people" / "ada" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(drawn(240, 220, (_FACE,)) - number).save(path)
    return tmp_path / "people"


def test_one_command_measures_and_says_where_the_figures_are(people: Path, tmp_path: Path, capsys: Said) -> None:
    out = tmp_path / "bench"
    command = ["bench", "protect", str(people), "--out", str(out), "--judges", str(tmp_path), "--strengths", "gentle"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "| photoguard | gentle |" in said
    assert str(out / "summary.json") in said
    kept = (out / "measurements.jsonl").read_bytes()
    assert main(command) == 0
    assert (out / "measurements.jsonl").read_bytes() == kept


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--judges"),
        (["--judges", ".", "--methods", "magic"], "magic"),
        (["--judges", ".", "--strengths", "huge"], "huge"),
    ],
)
def test_wrong_wishes_end_with_a_plain_sentence(people: Path, capsys: Said, arguments: list[str], words: str) -> None:
    with pytest.raises(SystemExit) if "huge" in arguments else nullcontext():
        assert main(["bench", "protect", str(people), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_a_folder_without_people_is_no_benchmark(people: Path, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["bench", "protect", str(tmp_path / "empty"), "--judges", ".", "--out", str(tmp_path / "o")]) == 2
    assert "no photos" in capsys.readouterr().err
