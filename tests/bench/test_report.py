"""What a benchmark leaves to be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photoguard.bench import report
from photoguard.bench.description import Description
from photoguard.bench.summary import summarised
from photoguard.domain import Strength

from .test_summary import _measured


def _write(out: Path) -> list[Path]:
    description = Description("/home/someone/people", ("mine",), ("judge",), ("method",), (Strength.STANDARD,))
    measured = _measured(60.0)
    for record in measured.clean.values():
        record["clean"]["mine"] = record["posted"]["mine"] = [1.0, 0.0]
    for record in measured.protected["method", Strength.STANDARD]:
        record["vectors"]["mine"] = [0.0, 1.0]
        record["visibility"] |= {"ssimulacra2": 66.0, "butteraugli": 2.1}
    return report.write(description, summarised(measured, ["judge"], ["mine"], {"judge": 0.5}), out)


def test_the_table_has_a_zero_line_and_a_row_for_each_method_and_strength(tmp_path: Path) -> None:
    lines = _write(tmp_path)[1].read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert rows[2][:2] == ["unprotected", "-"]
    assert rows[3][:2] == ["method", "standard"]
    assert rows[3][rows[0].index("cosine, own photo")].startswith("0.50 (")
    assert all(len(row) == len(rows[0]) for row in rows[:4])


def test_the_json_holds_the_run_and_every_figure_but_no_path_and_no_embedding(tmp_path: Path) -> None:
    text = _write(tmp_path)[0].read_text(encoding="utf-8")
    whole = json.loads(text)
    assert whole["run"]["evaluators"] == ["judge"]
    assert whole["figures"][1]["evaluators"]["own"]["mean"] == pytest.approx(0.5)
    assert "someone" not in text
    assert "vectors" not in text


def test_the_plot_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pip install 'photoguard[bench]'")
    from PIL import Image

    written = _write(tmp_path)
    assert len(written) == 3
    with Image.open(written[2]) as picture:
        assert picture.width > 600
