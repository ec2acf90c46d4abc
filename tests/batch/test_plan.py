"""Names of copies on disks that take one letter written in two ways for one; files named by the user."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoguard.batch import discover
from photoguard.errors import ProblemCode


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


@given(
    names=st.lists(
        st.tuples(
            st.sampled_from(["a", "A", "a-2", "é", unicodedata.normalize("NFD", "é")]),
            st.sampled_from([".jpg", ".png", ".HEIC"]),
        ),
        min_size=1,
        max_size=12,
        unique=True,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_two_photos_share_a_name_whatever_becomes_of_the_extension(
    tmp_path_factory: pytest.TempPathFactory, names: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("in")
    touched(folder, *(stem + end for stem, end in names))
    made = [job.destination for job in discover([folder], folder.parent / "out")]
    keys = [unicodedata.normalize("NFC", str(path.with_suffix("")).casefold()) for path in made]
    assert len(set(keys)) == len(keys) == len(list(folder.iterdir()))


def test_named_files_are_told_from_found_ones(tmp_path: Path) -> None:
    folder = touched(tmp_path / "in", "a.jpg", "b.dat")
    jobs = discover([folder / "b.dat", folder, tmp_path / "none"], tmp_path / "out")
    assert [(job.source.name, job.is_named) for job in jobs[:2]] == [("b.dat", True), ("a.jpg", False)]
    assert jobs[2].problem is not None
    assert jobs[2].problem.code is ProblemCode.VANISHED
