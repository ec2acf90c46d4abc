"""Photos are grouped by person, and picked by nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from photoguard.bench.portraits import chosen, read
from photoguard.errors import ProblemCode, UsageMistake


def _folder(root: Path, people: dict[str, int]) -> Path:
    for person, count in people.items():
        (root / person).mkdir(parents=True)
        for number in range(count):
            (root / person / f"{number}.jpg").write_bytes(b"")
    return root


def test_each_sub_folder_is_a_person_and_lone_photos_are_left_out(tmp_path: Path) -> None:
    folder = _folder(tmp_path, {"ada": 2, "bo": 1, "cy": 3})
    (folder / "ada" / "notes.txt").write_text("not a photo")
    found = read(folder)
    assert [(one.person, one.name) for one in found] == [
        ("ada", "ada/0.jpg"),
        ("ada", "ada/1.jpg"),
        ("cy", "cy/0.jpg"),
        ("cy", "cy/1.jpg"),
        ("cy", "cy/2.jpg"),
    ]


def test_an_index_names_people_whatever_the_folders_are_called(tmp_path: Path) -> None:
    (tmp_path / "INDEX.csv").write_text(
        "path,identity,kind\nx/1.jpg,ada,identity\ny/2.jpg,ada,identity\ny/3.jpg,bo,identity\nz/4.jpg,ada,group\nz/5.jpg,,noface\n",
        encoding="utf-8",
    )
    found = read(tmp_path)
    assert [(one.person, one.name, one.path) for one in found] == [
        ("ada", "x/1.jpg", tmp_path / "x/1.jpg"),
        ("ada", "y/2.jpg", tmp_path / "y/2.jpg"),
    ]


@pytest.mark.parametrize("people", [{}, {"ada": 1}])
def test_a_set_without_pairs_is_refused(tmp_path: Path, people: dict[str, int]) -> None:
    with pytest.raises(UsageMistake) as caught:
        read(_folder(tmp_path, people))
    assert caught.value.problem.code is ProblemCode.NO_PHOTOS


def test_the_choice_keeps_its_limits_and_does_not_depend_on_the_order_of_the_files(tmp_path: Path) -> None:
    found = read(_folder(tmp_path, {"ada": 5, "bo": 6, "cy": 2, "di": 4}))
    picked = chosen(found, 9, 4)
    assert picked == chosen(tuple(reversed(found)), 9, 4)
    assert len(picked) == 9
    counts = [sum(one.person == person for one in picked) for person in ("ada", "bo", "di", "cy")]
    assert max(counts) == 4
    # people with enough photos for an album come first
    assert counts[3] == 0
    assert len({one.person for one in picked[:3]}) == 3
    assert set(picked) < set(chosen(found, None, 4))
