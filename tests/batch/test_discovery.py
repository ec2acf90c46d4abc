"""Which photos a run is about, and where each copy goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.batch import Naming, discover, files_in, photos_in
from photoguard.errors import ProblemCode


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def copies(paths: list[Path], out: Path, naming: Naming = Naming.KEEP) -> list[str]:
    return [job.destination.relative_to(out).as_posix() for job in discover(paths, out, naming)]


def test_the_tree_is_mirrored_in_the_order_of_names(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "b.jpg", "a.png", "trip/z.webp", "trip/day 1/c.JPG", "album/d.heic")
    assert copies([folder], tmp_path / "out") == ["a.png", "b.jpg", "album/d.heic", "trip/z.webp", "trip/day 1/c.JPG"]
    assert copies([folder], tmp_path / "out") == copies([folder], tmp_path / "out")


def test_only_photos_of_folders_but_every_file_that_is_named(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg", "a.txt", "movie.mp4", "noending")
    assert copies([folder], tmp_path / "out") == ["a.jpg"]
    assert copies([folder / "a.txt", folder / "noending"], tmp_path / "out") == ["a.txt", "noending"]


def test_other_files_of_folders_are_told_once_and_hidden_ones_never(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in", "a.jpg", "notes.txt", "sub/film.mp4", ".DS_Store", "Thumbs.db", "out/old.txt", "b.dat"
    )
    told: list[Path] = []
    discover([folder, folder / "b.dat", folder], folder / "out", pass_over=told.append)
    assert told == [folder / "notes.txt", folder / "sub" / "film.mp4"]
    met = [(one.place.as_posix(), one.is_photo) for one in files_in([folder, folder / "b.dat"])]
    assert met == [
        ("a.jpg", True),
        ("b.dat", False),
        ("notes.txt", False),
        ("out/old.txt", False),
        ("sub/film.mp4", False),
        ("b.dat", True),
    ]


def test_hidden_and_system_folders_are_passed_over(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg", ".b.jpg", ".trash/c.jpg", "__MACOSX/d.jpg", "@eaDir/e.jpg", "x/.y/f.jpg")
    assert copies([folder], tmp_path / "out") == ["a.jpg"]


def test_copies_of_a_former_run_are_no_sources(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg", "out/a.jpg", "out/deep/b.jpg", "outside/c.jpg")
    assert copies([folder], folder / "out") == ["a.jpg", "outside/c.jpg"]


def test_the_folder_of_the_originals_is_no_place_for_copies(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg")
    (job,) = discover([folder], folder)
    assert job.problem is not None
    assert job.problem.code is ProblemCode.OUTPUT_IS_SOURCE


def test_a_folder_without_photos_and_a_missing_file_are_told(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.txt")
    problems = [job.problem for job in discover([tmp_path / "in", tmp_path / "no.jpg"], tmp_path / "out")]
    assert [problem.code for problem in problems if problem] == [ProblemCode.NO_PHOTOS, ProblemCode.VANISHED]


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg", "sub/b.jpg")
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "self").symlink_to("self")
    (folder / "again.jpg").symlink_to(folder / "a.jpg")
    assert copies([folder], tmp_path / "out") == ["a.jpg", "sub/b.jpg"]


def test_a_photo_named_twice_is_done_once(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg")
    assert copies([folder / "a.jpg", folder, folder / "." / "a.jpg"], tmp_path / "out") == ["a.jpg"]


def test_equal_names_from_two_folders_are_numbered(tmp_path: Path) -> None:
    one, two = put(tmp_path / "1", "a.jpg"), put(tmp_path / "2", "a.jpg", "A.PNG")
    names = copies([one, two], tmp_path / "out")
    assert sorted(names) == sorted(["a.jpg", "A-2.PNG", "a-3.jpg"])


@given(
    names=st.lists(st.sampled_from(["a.jpg", "A.JPG", "a.png", "a-2.jpg", "b.heic", "B.jpg"]), min_size=1, max_size=8)
)
def test_no_two_copies_ever_share_a_name_whatever_ending_they_get(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("many")
    sources = [put(root / str(number), name) / name for number, name in enumerate(names)]
    jobs = discover(sources, root / "out")
    assert len(jobs) == len(sources)
    stems = [str(job.destination.with_suffix("")).casefold() for job in jobs]
    assert len(set(stems)) == len(stems)


def test_neutral_names_tell_nothing_and_go_on_counting(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "Minji 2026.JPG", "trip to Busan/me.png")
    out = put(tmp_path / "out", "photo-0001.jpg")
    assert copies([folder], out, Naming.COUNTER) == ["photo-0002.jpg", "photo-0003.png"]
    random = copies([folder], out, Naming.RANDOM)
    assert all(len(Path(name).stem) == 16 and "/" not in name for name in random)
    assert copies([folder], out, Naming.RANDOM) != random


def test_nothing_is_written(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "a.jpg")
    discover([folder], tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_looking_at_photos_takes_the_same_walk(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "b.jpg", "a.png", ".hidden/c.jpg", "sub/d.webp")
    found = [source for source, _ in photos_in([folder, folder / "a.png"])]
    assert found == [job.source for job in discover([folder], tmp_path / "out")]
