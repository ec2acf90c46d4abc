"""A run takes what fits: cores, memory, and what was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.batch import capacity
from photoguard.batch.capacity import PROCESS_BYTES, capacity_for, is_on_mains

GB = 1_000_000_000


@pytest.fixture(autouse=True)
def _computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "processor_cores", lambda: 4)
    monkeypatch.setattr(capacity, "free_bytes", lambda: 16 * GB)


def test_few_photos_are_done_here() -> None:
    assert capacity_for(5, is_scrub=False).processes == 1
    assert capacity_for(60, is_scrub=True).processes == 1


def test_many_photos_take_every_core_with_one_thread_each() -> None:
    one = capacity_for(3000, is_scrub=False)
    assert (one.processes, one.threads) == (4, 1)


def test_short_memory_means_fewer_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert capacity_for(3000, is_scrub=False, limit_bytes=2 * GB).processes == 2
    monkeypatch.setattr(capacity, "free_bytes", lambda: GB)
    assert capacity_for(3000, is_scrub=False).processes == 1


def test_what_was_asked_for_is_obeyed_but_no_process_idles() -> None:
    assert capacity_for(3000, is_scrub=False, jobs=7).processes == 7
    assert capacity_for(2, is_scrub=False, jobs=7).processes == 2


@given(
    photos=st.integers(1, 20_000),
    scrub=st.booleans(),
    jobs=st.none() | st.integers(1, 64),
    limit=st.none() | st.integers(0, 64 * GB),
)
def test_it_never_plans_beyond_the_limit_unless_told_to(
    photos: int, limit: int | None, jobs: int | None, *, scrub: bool
) -> None:
    one = capacity_for(photos, is_scrub=scrub, jobs=jobs, limit_bytes=limit)
    assert one.processes >= 1
    assert one.threads >= 1
    assert one.room_bytes >= 0
    assert one.processes <= photos
    if jobs is None and one.processes > 1 and limit is not None and not scrub:
        assert one.processes * PROCESS_BYTES + one.room_bytes <= limit


@pytest.mark.parametrize(("plugged", "expected"), [(True, True), (False, False), (None, True)])
def test_a_battery_counts_only_where_it_is_known_to_be_in_use(
    monkeypatch: pytest.MonkeyPatch, plugged: bool | None, *, expected: bool
) -> None:
    import psutil

    class Battery:
        power_plugged = plugged

    monkeypatch.setattr(psutil, "sensors_battery", Battery, raising=False)
    assert is_on_mains() is expected
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert is_on_mains()


def test_where_the_system_tells_no_memory_a_small_computer_is_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    def untold() -> None:
        raise FileNotFoundError

    monkeypatch.undo()
    monkeypatch.setattr("psutil.virtual_memory", untold)
    assert capacity_for(60, is_scrub=False).processes == 1
