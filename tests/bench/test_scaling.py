"""What a run on one and on two workers is summed up to; the run itself needs Dask and half a minute."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from small_practice import FACELESS, photo, protecting

from photoguard.bench.scaling import Scaled, measure

ONE = Scaled(1, 10, (), 100.0, (90.0,), 1.0, 2.0)


def test_the_busiest_worker_and_the_clock_are_told_apart() -> None:
    two = Scaled(2, 10, (), 80.0, (50.0, 40.0), 1.0, 2.0)
    assert two.times_faster(ONE) == (1.25, 1.8)
    assert ONE.times_faster(ONE) == (1.0, 1.0)


def test_how_many_workers_are_fed_goes_by_the_work_here() -> None:
    assert ONE.fed == pytest.approx(30.0)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="workers are started otherwise there")
def test_every_photo_is_done_with_each_number_of_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs photoguard[cluster]")
    tests = Path(__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tests), str(tests.parent)]))
    folder = tmp_path / "in"
    for number in range(3):
        photo(folder / f"{number}.jpg", shade=number)
    photo(folder / "sea.png", width=FACELESS, kind="PNG")
    one, two = measure(folder, (1, 2), protecting(), None, lambda: None)
    assert (one.workers, len(one.worker_cpu), two.workers, len(two.worker_cpu)) == (1, 1, 2, 2)
    assert (one.photos, one.misses, two.photos, two.misses) == (4, (), 4, ())
    assert min(one.seconds, *two.worker_cpu, *one.worker_cpu) > 0
    assert sorted(path.name for path in folder.iterdir()) == ["0.jpg", "1.jpg", "2.jpg", "sea.png"]
