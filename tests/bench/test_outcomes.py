"""The summary of a report: every figure is the report's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from photoguard.bench import outcomes
from photoguard.cli import main
from photoguard.errors import ProblemCode, UsageMistake


def face(cosine: float, quality: float, *, cloaked: bool = True) -> dict[str, Any]:
    return {
        "cloaked": cloaked,
        "similarity": {"dlib": {"file": cosine, "after_any": cosine + 0.01}},
        "visibility": {"ssimulacra2": quality, "butteraugli_3norm": 2.0, "psnr": 40.0},
    }


def file(name: str, outcome: str, faces: list[dict[str, Any]], ratio: float = 1.0) -> dict[str, Any]:
    bad = outcome in {"refused", "failed"}
    return {
        "source": name,
        "output": None if bad else f"out/{name}",
        "outcome": outcome,
        "reason": {"code": "truncated"} if bad else None,
        "faces": faces,
        "quality": {} if bad else {"size_ratio": ratio},
        "seconds": 6.0,
    }


@pytest.fixture
def report() -> dict[str, Any]:
    return {
        "options": {"strength": "standard"},
        "files": [
            file("a.jpg", "protected", [face(0.8, 66), face(0.7, 70)], 1.1),
            file("b.jpg", "protected", [face(0.9, 64), face(0.99, 100, cloaked=False)], 1.3),
            file("c.png", "protected", [face(0.8, 80)], 3.0),
            file("d.jpg", "refused", []),
        ],
    }


def test_outcomes_likeness_budget_sizes_and_speed(report: dict[str, Any]) -> None:
    said = outcomes.told(report)
    assert "| protected | 3 |" in said
    assert "| all | 4 |" in said
    assert "5 faces, 4 cloaked" in said
    assert "dlib, after_any: cosine to the original 0.810 on average, 0.910 at most" in said
    assert "3 of 4 at 65 or above" in said
    assert "1 of 2 within 15 %" in said  # a PNG is no JPEG
    assert "6.0 in the middle" in said  # 3, 6 and 6
    assert "refused: d.jpg: truncated" in said


def test_a_report_without_faces_has_no_figures_of_faces(report: dict[str, Any]) -> None:
    report["files"] = report["files"][3:]
    assert "cosine" not in outcomes.told(report)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": []}', "\x00"])
def test_something_else_is_no_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(UsageMistake) as caught:
        outcomes.read(tmp_path / "r.json")
    assert caught.value.problem.code is ProblemCode.NOT_A_REPORT


def test_the_command(tmp_path: Path, report: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.json").write_text(json.dumps(report))
    assert main(["bench", "outcomes", str(tmp_path / "r.json")]) == 0
    assert "| protected | 3 |" in capsys.readouterr().out
    assert main(["bench", "outcomes", str(tmp_path / "nothing.json")]) == 2
