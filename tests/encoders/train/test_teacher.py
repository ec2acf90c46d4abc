"""Who may teach: the very file of a surrogate, never a judge; its blocks end where the student's do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_models import listed, recogniser

from photoguard.encoders.students import LAYOUTS
from photoguard.encoders.students.network import Network, Running
from photoguard.encoders.train.teacher import teacher_of


def table(name: str, role: str) -> dict[str, object]:
    return {"name": name, "file": "one.onnx", "role": role, "input": "RGB, 0..1, 112x112", "template": "arcface112"}


@pytest.mark.parametrize("role", ["surrogate", "evaluator"])
def test_another_file_or_a_judge_under_the_name_does_not_teach(tmp_path: Path, role: str) -> None:
    (tmp_path / "one.onnx").write_bytes(recogniser(0))
    listed(tmp_path, table(LAYOUTS[0].teacher, role))
    with pytest.raises(ValueError, match=LAYOUTS[0].teacher_sha256):
        teacher_of(LAYOUTS[0], tmp_path)


@pytest.mark.corpus
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_its_blocks_hand_on_what_the_students_are_to(model_files: Path, layout: object) -> None:
    assert isinstance(layout, type(LAYOUTS[0]))
    teacher = teacher_of(replace(layout, name="anybody"), model_files)
    chips = torch.rand(2, 3, layout.chip.size, layout.chip.size)
    made = Network(layout, Running()).values(chips)
    wanted = teacher.values(chips)
    assert [value.shape for value in wanted] == [value.shape for value in made]
    torch.testing.assert_close(torch.nn.functional.normalize(wanted[-1], dim=1), teacher.embed(chips))
