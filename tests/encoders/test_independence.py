"""Who may judge a cloak: those that had no part in it, under whatever name, and never dlib by itself."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from small_models import listed, recogniser

from photoguard.encoders import BUILT_IN, default_set, installed, kept_out, load
from photoguard.encoders.judges import independent
from photoguard.encoders.students import LAYOUTS, Layout


def table(name: str, file: str, role: str = "surrogate", **more: object) -> dict[str, object]:
    return {"name": name, "file": file, "role": role, "input": "RGB, 0..1, 112x112", "template": "arcface112", **more}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number, name in enumerate(("one", "two", "three", "judge")):
        (tmp_path / f"{name}.onnx").write_bytes(recogniser(number))
    monkeypatch.setenv("PHOTOGUARD_MODELS", str(tmp_path))
    return tmp_path


def judges_of(*names: str) -> list[str]:
    return [one.name for one in independent(names)]


def test_with_two_recognisers_besides_dlib_the_last_is_kept_out_of_the_cloak(folder: Path) -> None:
    listed(folder, table("one", "one.onnx"), table("two", "two.onnx"), table("three", "three.onnx"))
    assert installed() == (*BUILT_IN, "one", "two", "three")
    assert kept_out() == "three"
    assert default_set() == (*BUILT_IN, "one", "two")
    assert [encoder.name for encoder in load()] == [*BUILT_IN, "one", "two"]
    assert [encoder.name for encoder in load(["three"])] == ["three"], "who is named takes part"
    assert judges_of(*default_set()) == ["three"]
    assert judges_of("dlib") == ["one", "two", "three"]


def test_a_single_one_takes_part_and_nobody_checks(folder: Path) -> None:
    listed(folder, table("one", "one.onnx"))
    assert kept_out() is None
    assert default_set() == (*BUILT_IN, "one")
    assert judges_of(*default_set()) == []


def test_dlib_judges_only_beside_another(folder: Path) -> None:
    listed(folder, table("one", "one.onnx"), table("two", "two.onnx"))
    assert judges_of("one", "two") == []
    assert judges_of("one") == ["dlib", "two"]


def test_what_is_kept_for_checking_always_judges(folder: Path) -> None:
    listed(folder, table("one", "one.onnx"), table("judge", "judge.onnx", "evaluator"))
    assert judges_of(*default_set()) == ["judge"]


def test_another_name_for_a_file_that_took_part_is_no_judge(folder: Path) -> None:
    (folder / "copy.onnx").write_bytes((folder / "one.onnx").read_bytes())
    digest = hashlib.sha256((folder / "one.onnx").read_bytes()).hexdigest()
    listed(
        folder,
        table("one", "one.onnx", sha256=digest),
        table("alias", "copy.onnx", sha256=digest),
        table("link", "one.onnx"),
        table("two", "two.onnx"),
    )
    assert judges_of("dlib", "one") == ["two"]


def test_a_judge_that_cannot_be_read_is_passed_over(folder: Path) -> None:
    (folder / "two.onnx").write_bytes(b"rot")
    listed(folder, table("one", "one.onnx"), table("two", "two.onnx"), table("three", "three.onnx"))
    assert judges_of("dlib") == ["one", "three"]


@pytest.mark.parametrize("student", LAYOUTS, ids=lambda student: student.name)
@pytest.mark.parametrize("is_known_by_hash", [False, True])
def test_a_student_stays_out_where_its_teacher_is_and_the_teacher_is_no_judge_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, student: Layout, is_known_by_hash: bool
) -> None:
    name, more = student.teacher, {}
    if is_known_by_hash:
        # the file under another name; what stands in for it here has another hash, so the student is said to be of that one
        digest = hashlib.sha256((folder / "one.onnx").read_bytes()).hexdigest()
        layouts = (replace(student, teacher_sha256=digest),)
        monkeypatch.setattr("photoguard.encoders.students.LAYOUTS", layouts)
        monkeypatch.setattr("photoguard.encoders.judges.LAYOUTS", layouts)
        name, more = "renamed", {"sha256": digest}
    listed(folder, table(name, "one.onnx", **more), table("two", "two.onnx"))
    assert student.name not in default_set()
    assert name in default_set()
    assert judges_of("dlib", student.name) == ["two"]
    assert judges_of("dlib") == [name, "two"]
