"""A benchmark can be stopped and taken up again, never mixes engines, and gives methods nothing of the judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photoguard.bench import running
from photoguard.bench.decoy import decoy
from photoguard.bench.description import Description
from photoguard.bench.methods import Task, Written
from photoguard.bench.portraits import read
from photoguard.bench.running import Measured, Position, run
from photoguard.domain import Platform, Progress, ProgressListener, Stage, Strength
from photoguard.errors import Cancelled, Problem, ProblemCode
from photoguard.toolbox import Toolbox

from .conftest import FACE, People


@dataclass
class Painter:
    """Paints over the face, and remembers what it was given."""

    name: str = "painter"
    sources: tuple[str, ...] = ("bench/store.py",)
    tasks: list[tuple[str, Strength]] = field(default_factory=list)
    encoders: set[str] = field(default_factory=set)
    decoys: list[set[str]] = field(default_factory=list)
    gives_up: bool = False

    def protect(self, task: Task, toolbox: Toolbox, listener: ProgressListener) -> Written:
        listener(Progress(Stage.CLOAKING, 1, 1, 0, 1))
        self.tasks.append((f"{task.source.parent.name}/{task.source.name}", task.options.strength))
        self.encoders |= {one.name for one in toolbox.encoders}
        self.decoys.append(set(task.decoy))
        if self.gives_up:
            return Written(None, Problem(ProblemCode.CLOAK_TOO_WEAK))
        pixels = np.array(Image.open(task.source))
        rows = slice(int(FACE.box.y), int(FACE.box.y + FACE.box.height / 2))
        pixels[rows] = np.minimum(255, pixels[rows].astype(int) + 4 * (np.arange(256)[None, :, None] % 9)).astype(
            np.uint8
        )
        task.destination.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(task.destination)
        return Written(task.destination, scale=0.5)


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Painter:
    one = Painter()
    monkeypatch.setattr(running, "method", lambda _name: one)
    return one


def _run(
    people: People, out: Path, listener: Callable[[Position], None] = lambda _: None, **changes: object
) -> Measured:
    usual = Description("people", ("surrogate",), ("judge",), ("painter",), (Strength.STANDARD,))
    description = replace(usual, **changes)  # type: ignore[arg-type]
    laboratory = replace(people.laboratory, platform=description.platform)
    return run(description, read(people.folder), laboratory, out, listener)


def test_every_photo_is_measured_once_however_often_it_is_run(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 3, "bo": 2})
    first = _run(drawn, tmp_path / "out")
    assert sorted(painter.tasks) == [
        (name, Strength.STANDARD) for name in ("ada/0.png", "ada/1.png", "ada/2.png", "bo/0.png", "bo/1.png")
    ]
    second = _run(drawn, tmp_path / "out")
    assert len(painter.tasks) == 5
    assert second == first
    records = first.protected["painter", Strength.STANDARD]
    assert all(record["scale"] == 0.5 and "judge" in record["vectors"] for record in records)
    assert all("cloaking" in record["stages"] for record in records)


def test_a_wider_run_takes_over_what_is_there(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 3, "bo": 3})
    _run(drawn, tmp_path / "out", limit=2)
    assert len(painter.tasks) == 2
    _run(drawn, tmp_path / "out", strengths=(Strength.GENTLE, Strength.STANDARD), limit=3)
    assert len(painter.tasks) == 2 + 4


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"platform": Platform.TELEGRAM}, {"surrogates": ("surrogate", "other")}]
)
def test_what_changes_the_outcome_is_measured_anew(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path, change: dict[str, object]
) -> None:
    drawn = people({"ada": 2})
    _run(drawn, tmp_path / "out")
    if "surrogates" in change:
        for record in (tmp_path / "out" / running.STORE).read_text().splitlines():
            assert '"other"' not in record
        twin = replace(drawn.laboratory.recognisers[-1], name="other")  # type: ignore[type-var]
        lab = replace(drawn.laboratory, recognisers=(*drawn.laboratory.recognisers, twin))
        drawn = replace(drawn, laboratory=lab)
    _run(drawn, tmp_path / "out", **change)
    assert len(painter.tasks) == 4


def test_another_engine_is_measured_anew(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 2})
    _run(drawn, tmp_path / "out")
    painter.sources = ("bench/store.py", "bench/table.py")
    _run(drawn, tmp_path / "out")
    assert len(painter.tasks) == 4


def test_stopping_loses_one_photo_at_most(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 3})

    def stop_in_the_second(position: Position) -> None:
        if position.done == 4:  # three clean photos and one try
            raise Cancelled

    with pytest.raises(Cancelled):
        _run(drawn, tmp_path / "out", stop_in_the_second)
    assert len(painter.tasks) == 1
    _run(drawn, tmp_path / "out")
    assert len(painter.tasks) == 3
    assert len(set(painter.tasks)) == 3


def test_methods_see_surrogates_only(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    _run(people({"ada": 2, "bo": 2}), tmp_path / "out")
    assert painter.encoders == {"surrogate"}
    assert painter.decoys == [{"surrogate"}] * 4


def test_giving_up_is_recorded_with_its_reason(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    painter.gives_up = True
    measured = _run(people({"ada": 2}), tmp_path / "out")
    records = measured.protected["painter", Strength.STANDARD]
    assert [record["problem"] for record in records] == ["cloak_too_weak"] * 2
    assert all("vectors" not in record for record in records)


def test_a_file_that_is_no_photo_is_passed_over(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 3})
    (drawn.folder / "ada" / "1.png").write_bytes(b"not a photo")
    measured = _run(drawn, tmp_path / "out")
    assert set(measured.clean) == {"ada/0.png", "ada/2.png"}
    assert len(painter.tasks) == 2


def test_what_an_interrupted_run_left_unrecorded_is_replaced(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 2})
    out = tmp_path / "out"
    _run(drawn, out)
    store = out / running.STORE
    store.write_text("".join(line + "\n" for line in store.read_text().splitlines()[:-1]))
    _run(drawn, out)
    assert len(painter.tasks) == 3
    assert len(list((out / "photos").rglob("*.png"))) == 2


def test_the_decoy_is_the_person_least_alike() -> None:
    def record(person: str, x: float, y: float) -> dict[str, object]:
        return {"person": person, "clean": {"surrogate": [x, y]}}

    clean = {"a": record("ada", 1, 0), "b": record("bo", 0.8, 0.6), "c": record("cy", -0.6, 0.8)}
    assert decoy("ada", clean, ["surrogate"])["surrogate"] == pytest.approx((-0.6, 0.8))
    assert decoy("cy", clean, ["surrogate"])["surrogate"] == pytest.approx((1, 0))
    assert decoy("ada", {"a": clean["a"]}, ["surrogate"]) == {}


def test_the_share_of_work_done_only_grows_and_ends_whole(
    people: Callable[[dict[str, int]], People], painter: Painter, tmp_path: Path
) -> None:
    drawn = people({"ada": 2})
    for expected in (0.0, 2.2):
        heard: list[Position] = []
        _run(drawn, tmp_path / "out", heard.append)
        work = [position.work for position in heard]
        assert work == sorted(work)
        assert work[-1] == pytest.approx(heard[-1].whole_work) == pytest.approx(2.2)
        assert heard[-1].done == heard[-1].count == 4
        assert heard[-1].recorded_work == pytest.approx(expected)
