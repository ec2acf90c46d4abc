"""A real Dask scheduler and real workers on the loopback; about half a minute, most of it Python starting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_practice import FACELESS, photo, protecting

from photoguard.batch import Journal, Position, Terms, discover, fingerprint, run
from photoguard.domain import Options, Outcome, OutcomeKind
from photoguard.errors import Failed, ProblemCode

pytest.importorskip("distributed", reason="needs photoguard[cluster]")
from photoguard.batch.executors.cluster import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")]


def started(*words: str) -> subprocess.Popen[bytes]:
    paths = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def free_port() -> int:
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def cluster(workers: int, folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    words = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    scheduler = started(*words)
    hands = [
        started(
            "distributed.cli.dask_worker",
            address,
            "--nthreads=1",
            "--no-nanny",
            "--no-dashboard",
            f"--local-directory={folder / str(number)}",
        )
        for number in range(workers)
    ]
    try:
        yield address, hands
    finally:
        for process in (*hands, scheduler):
            process.kill()
            process.wait()


def begun(executor: Cluster, workers: int) -> Terms:
    terms = Terms(fingerprint(Options(), executor.start(lambda: None)))
    deadline = time.monotonic() + 60
    while executor.capacity < 2 * workers and time.monotonic() < deadline:
        executor.wait(lambda _ticket, _progress: None, 0.2)
    return terms


def test_a_lost_worker_costs_no_photo(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(8):
        photo(folder / f"{number}.jpg", shade=number)
    photo(folder / "sea.png", width=FACELESS, kind="PNG")
    (folder / "none.jpg").write_bytes(b"no photo")
    outcomes: list[Outcome] = []
    with cluster(2, tmp_path / "dask") as (address, workers), Journal(tmp_path / "state") as journal:
        executor = Cluster(protecting(), address)
        try:
            terms = begun(executor, 2)
            jobs = discover([folder], tmp_path / "out")
            for outcome in run(jobs, executor, journal, terms, lambda _: None):
                outcomes.append(outcome)
                if len(outcomes) == 2:  # both are busy
                    workers[0].send_signal(signal.SIGKILL)
        finally:
            executor.close()
        assert workers[0].poll() is not None
    assert sorted(outcome.source.name for outcome in outcomes) == sorted(path.name for path in folder.iterdir())
    kinds = {outcome.source.name: outcome.kind for outcome in outcomes}
    assert kinds.pop("sea.png") is OutcomeKind.NO_FACE
    assert kinds.pop("none.jpg") is OutcomeKind.REFUSED
    assert set(kinds.values()) == {OutcomeKind.PROTECTED}
    assert len(list((tmp_path / "out").iterdir())) == 9
    for outcome in outcomes:
        assert outcome.output is None or outcome.output.parent == tmp_path / "out"
    again = _resumed(tmp_path)
    assert again.count(OutcomeKind.SKIPPED) == 9


def _resumed(tmp_path: Path) -> list[OutcomeKind]:
    """The same folder on this computer: what the cluster did is known and whole."""
    from photoguard.batch.executors import InProcess

    executor = InProcess(protecting())
    with Journal(tmp_path / "state") as journal:
        terms = Terms(fingerprint(Options(), executor.start(lambda: None)))
        jobs = discover([tmp_path / "in"], tmp_path / "out")
        return [outcome.kind for outcome in run(jobs, executor, journal, terms, lambda _: None)]


def test_shared_paths_and_progress(tmp_path: Path) -> None:
    photo(tmp_path / "in" / "a.jpg")
    heard: list[Position] = []
    with cluster(1, tmp_path / "dask") as (address, _), Journal(None) as journal:
        executor = Cluster(protecting(), address, shared_paths=True)
        try:
            terms = begun(executor, 1)
            jobs = discover([tmp_path / "in"], tmp_path / "out")
            (outcome,) = run(jobs, executor, journal, terms, heard.append)
        finally:
            executor.close()
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.output == tmp_path / "out" / "a.jpg"
    assert heard


def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoguard.batch.executors.cluster._PATIENCE_S", 1.0)
    executor = Cluster(protecting(), f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(Failed) as error:
        executor.start(lambda: None)
    executor.close()
    assert error.value.problem.code is ProblemCode.CLUSTER_UNREACHABLE
