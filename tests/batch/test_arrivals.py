"""A watched folder gives out whole files, each once; by a clock that the tests turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from photoguard.batch.arrivals import QUIET_S, Arrivals
from photoguard.errors import Cancelled, UsageMistake


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def arrivals(tmp_path: Path, clock: Clock) -> Iterator[Arrivals]:
    (tmp_path / "in").mkdir()
    with Arrivals(tmp_path / "in", tmp_path / "out", clock=clock) as watched:
        yield watched


def looked(arrivals: Arrivals, clock: Clock, after_s: float) -> list[str]:
    clock.now += after_s
    arrivals._has_news = True
    return sorted(job.source.name for job in arrivals.look())


def test_a_file_that_still_grows_is_waited_for(tmp_path: Path, arrivals: Arrivals, clock: Clock) -> None:
    path = tmp_path / "in" / "a.jpg"
    for length in range(1, 5):
        path.write_bytes(b"x" * length)
        assert looked(arrivals, clock, QUIET_S / 2) == []
    assert looked(arrivals, clock, QUIET_S) == ["a.jpg"]
    assert looked(arrivals, clock, QUIET_S * 10) == []


def test_an_empty_file_is_one_that_is_about_to_be_written(tmp_path: Path, arrivals: Arrivals, clock: Clock) -> None:
    (tmp_path / "in" / "a.jpg").touch()
    for _ in range(3):
        assert looked(arrivals, clock, QUIET_S * 3) == []
    (tmp_path / "in" / "a.jpg").write_bytes(b"x")
    assert looked(arrivals, clock, 0) == []
    assert looked(arrivals, clock, QUIET_S) == ["a.jpg"]


def test_what_changes_later_comes_again_and_so_does_what_is_asked_for(
    tmp_path: Path, arrivals: Arrivals, clock: Clock
) -> None:
    path = tmp_path / "in" / "deep" / "a.jpg"
    path.parent.mkdir()
    path.write_bytes(b"x")
    looked(arrivals, clock, 0)
    assert looked(arrivals, clock, QUIET_S) == ["a.jpg"]
    path.write_bytes(b"xy")
    assert looked(arrivals, clock, 1) == []
    assert looked(arrivals, clock, QUIET_S) == ["a.jpg"]
    arrivals.again(path)
    assert looked(arrivals, clock, 1) == ["a.jpg"]


def test_temporary_names_are_no_photos(tmp_path: Path, arrivals: Arrivals, clock: Clock) -> None:
    for name in (".hidden.jpg", "a.jpg.part", "b.crdownload", "c.tmp"):
        (tmp_path / "in" / name).write_bytes(b"x")
    looked(arrivals, clock, 0)
    assert looked(arrivals, clock, QUIET_S) == []


def test_the_disk_is_left_alone_while_nothing_happens(tmp_path: Path, arrivals: Arrivals, clock: Clock) -> None:
    looked(arrivals, clock, 0)
    (tmp_path / "in" / "a.jpg").write_bytes(b"x")
    arrivals._has_news = False  # as on a network folder that tells nothing
    clock.now += 10
    assert arrivals.look() == []
    clock.now += 60
    arrivals.look()
    clock.now += QUIET_S
    assert [job.source.name for job in arrivals.look()] == ["a.jpg"]


def test_the_system_tells_of_a_new_file(tmp_path: Path, arrivals: Arrivals, clock: Clock) -> None:
    arrivals.look()
    (tmp_path / "in" / "a.jpg").write_bytes(b"x")
    rounds = 0

    def pause(_: float) -> None:
        nonlocal rounds
        import time

        rounds += 1
        time.sleep(0.02)
        if arrivals._has_news or arrivals._seen:
            clock.now += QUIET_S

    def check() -> None:
        if rounds > 500:
            raise Cancelled

    batch = next(arrivals.settled(check, pause))
    assert [job.source.name for job in batch] == ["a.jpg"]


@pytest.mark.parametrize(("folder", "out"), [("in", "in"), ("in", "in/out"), ("out/in", "out"), ("none", "out")])
def test_folders_that_would_feed_each_other_are_refused(tmp_path: Path, folder: str, out: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out" / "in").mkdir(parents=True)
    with pytest.raises(UsageMistake):
        Arrivals(tmp_path / folder, tmp_path / out)
