"""`photoguard check`: the answer in words, as JSON and as exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard.cli import main
from photoguard.toolbox import Toolbox

FACE = face_at(170, 120, 150)
PHOTO = drawn(520, 480, (FACE,))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    for name, options in (("original.png", {}), ("copy.jpg", {"quality": 90})):
        Image.fromarray(PHOTO).save(tmp_path / name, **options)
    return str(tmp_path / "original.png"), str(tmp_path / "copy.jpg")


def equip(monkeypatch: pytest.MonkeyPatch, *judges: SmallEncoder, seen: bool = True) -> None:
    tools = Toolbox(FixedDetector((FACE,) if seen else ()), (SmallEncoder("inside"),), judges)
    monkeypatch.setattr("photoguard.toolbox.toolbox_for", lambda _: tools)


def test_an_unprotected_copy_ends_with_1_and_says_why(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    equip(monkeypatch, SmallEncoder("outside", seed=4))
    assert main(["check", *pair, "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "Still recognisable" in said
    assert "100 of 100" in said
    assert "Instagram" in said
    assert "already online stay usable" in said
    assert main(["check", *pair, "--lang", "ko"]) == 1
    assert "아직 알아볼 수 있어요" in capsys.readouterr().out


def test_json_on_standard_output_stands_alone(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    equip(monkeypatch, SmallEncoder("outside", seed=4))
    main(["check", *pair, "--json", "-"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["outcome"] == "checked"
    assert answer["relation"] == "same"
    assert answer["models"] == {"took_part": ["inside"], "independent": ["outside"]}
    face = answer["faces"][0]
    assert face["judgement"]["verdict"] == "recognisable"
    assert face["similarity"]["outside"]["instagram"] > 0.9
    assert {"ssimulacra2", "butteraugli_3norm", "psnr"} == set(face["visibility"])
    assert len(answer["limits"]) == 2


def test_without_an_independent_look_no_figure_of_those_who_took_part_is_shown(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from photoguard.domain import Judgement, Verdict

    equip(monkeypatch)
    unchecked = Judgement(Verdict.UNCHECKED, None, (), ("inside",))
    monkeypatch.setattr("photoguard.proof.judging.judged", lambda *_: unchecked)
    assert main(["check", *pair, "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "Not independently checked" in said
    assert "of 100." not in said
    assert "Instagram" not in said


def test_a_photo_without_a_face_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    equip(monkeypatch, seen=False)
    report = tmp_path / "report.json"
    assert main(["check", *pair, "--json", str(report), "--lang", "en"]) == 1
    assert "No face was found" in capsys.readouterr().out
    assert json.loads(report.read_text())["reason"]["code"] == "no_face_to_check"


def test_an_unknown_model_is_wrong_usage(pair: tuple[str, str]) -> None:
    assert main(["check", *pair, "--models", "nobody"]) == 2


def test_a_report_never_replaces_another_file(monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str]) -> None:
    equip(monkeypatch)
    before = Path(pair[0]).read_bytes()
    assert main(["check", *pair, "--json", pair[0]]) == 2
    assert Path(pair[0]).read_bytes() == before
