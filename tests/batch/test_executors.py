"""One contract for every executor that runs here; real processes, so about ten seconds each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_practice import DEADLY, FACELESS, photo, protecting

from photoguard.batch import Journal, Terms, discover, fingerprint, run
from photoguard.batch.executors import Executor, InProcess
from photoguard.batch.executors.local import LocalProcesses
from photoguard.batch.executors.manners import Manners
from photoguard.domain import Options, Outcome, OutcomeKind
from photoguard.errors import Cancelled, Failed, ProblemCode, UsageMistake
from photoguard.toolbox import Toolbox


def in_process() -> Executor:
    return InProcess(protecting())


def local() -> Executor:
    return LocalProcesses(protecting(), 2, Manners())


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "state") as opened:
        yield opened


def do(executor: Executor, journal: Journal, folder: Path, out: Path) -> dict[str, Outcome]:
    try:
        terms = Terms(fingerprint(Options(), executor.start(lambda: None)))
        outcomes = list(run(discover([folder], out), executor, journal, terms, lambda _: None))
    finally:
        executor.close()
    assert len({outcome.source for outcome in outcomes}) == len(outcomes)
    return {outcome.source.name: outcome for outcome in outcomes}


@pytest.mark.parametrize("make", [in_process, local])
def test_a_mixed_folder(make: Callable[[], Executor], tmp_path: Path, journal: Journal) -> None:
    folder = tmp_path / "in"
    for number in range(3):
        photo(folder / f"{number}.jpg", shade=number)
    photo(folder / "landscape.png", width=FACELESS, kind="PNG")
    (folder / "note.jpg").write_text("no photo")
    outcomes = do(make(), journal, folder, tmp_path / "out")
    assert {name: outcome.kind.value for name, outcome in outcomes.items()} == {
        **{f"{number}.jpg": "protected" for number in range(3)},
        "landscape.png": "no_face",
        "note.jpg": "refused",
    }
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0.jpg", "1.jpg", "2.jpg", "landscape.png"]


def test_processes_write_what_this_one_writes(tmp_path: Path, journal: Journal) -> None:
    for number in range(2):
        photo(tmp_path / "in" / f"{number}.jpg", shade=number)
    do(local(), journal, tmp_path / "in", tmp_path / "beside")
    with Journal(None) as fresh:
        do(in_process(), fresh, tmp_path / "in", tmp_path / "here")
    for number in range(2):
        one, other = (tmp_path / place / f"{number}.jpg" for place in ("beside", "here"))
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_a_photo_that_kills_its_process_costs_nothing_else(tmp_path: Path, journal: Journal) -> None:
    folder = tmp_path / "in"
    photo(folder / "a.jpg", width=DEADLY)
    for name in "bcd":
        photo(folder / f"{name}.jpg", shade=ord(name))
    executor = local()
    outcomes = do(executor, journal, folder, tmp_path / "out")
    assert outcomes["a.jpg"].kind is OutcomeKind.FAILED
    assert outcomes["a.jpg"].problem is not None
    assert outcomes["a.jpg"].problem.code is ProblemCode.ENGINE_DIED
    assert all(outcomes[f"{name}.jpg"].kind is OutcomeKind.PROTECTED for name in "bcd")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.jpg", "c.jpg", "d.jpg"]


def test_a_cancel_ends_the_processes(tmp_path: Path, journal: Journal) -> None:
    for number in range(4):
        photo(tmp_path / "in" / f"{number}.jpg", shade=number)
    executor = LocalProcesses(protecting(), 2, Manners())
    executor.start(lambda: None)
    ids = executor.process_ids

    def stop(_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(run(discover([tmp_path / "in"], tmp_path / "out"), executor, journal, Terms(b"t"), stop))
    assert executor.process_ids == ()
    for process in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    assert not [path for path in (tmp_path / "out").glob("*") if path.name.startswith(".")]


def unknown_model(_: Options) -> Toolbox:
    raise UsageMistake(ProblemCode.UNKNOWN_MODEL, model="nobody")


def deadly(_: Options) -> Toolbox:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.mark.parametrize(
    ("equip", "code"), [(unknown_model, ProblemCode.UNKNOWN_MODEL), (deadly, ProblemCode.ENGINE_DIED)]
)
@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_models_that_cannot_be_loaded_are_said_once(equip: Callable[[Options], Toolbox], code: ProblemCode) -> None:
    from photoguard.batch import Treatment

    executor = LocalProcesses(Treatment(Options(), equip=equip), 1, Manners())
    try:
        with pytest.raises((UsageMistake, Failed)) as error:
            executor.start(lambda: None)
    finally:
        executor.close()
    assert error.value.problem.code is code
