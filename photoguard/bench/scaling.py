"""How much faster more workers are: a real Dask scheduler and real workers on the loopback, one thread each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from photoguard.batch import Job, Journal, Terms, discover, fingerprint, run
from photoguard.batch.casting import Caster
from photoguard.batch.executors.cluster import Cluster
from photoguard.batch.treatment import Treatment
from photoguard.domain import Outcome
from photoguard.errors import Failed, ProblemCode, UsageMistake
from photoguard.personas.store import Personas

_PATIENCE_S = 300
_WARM = 1
"""Photos for each worker before the clock starts, so that each has loaded its models."""


@dataclass(frozen=True)
class Scaled:
    """One run over the photos; processor times tell on a busy computer what the clock cannot."""

    workers: int
    photos: int
    misses: tuple[str, ...]
    """Problem codes of photos that got no copy."""
    seconds: float
    worker_cpu: tuple[float, ...]
    """Processor seconds of each worker."""
    scheduler_cpu: float
    here_cpu: float
    """Processor seconds of the process that started the run: it reads, sends, writes and keeps the journal."""

    @property
    def fed(self) -> float:
        """How many such workers one core could keep busy from here."""
        return sum(self.worker_cpu) / (self.here_cpu + self.scheduler_cpu)

    def times_faster(self, one: Scaled) -> tuple[float, float]:
        """Than ``one``: by the clock, and by the busiest worker's processor time, which is what idle cores would give."""
        return one.seconds / self.seconds, max(one.worker_cpu) / max(self.worker_cpu)


def measure(
    folder: Path, counts: Sequence[int], treatment: Treatment, limit: int | None, check: Callable[[], None]
) -> Iterator[Scaled]:
    """Protect the photos of ``folder`` once with each number of workers; copies go into folders that are removed.

    ``check`` may raise ``Cancelled``. Raises ``UsageMistake`` NEEDS_CLUSTER, ``Failed`` CLUSTER_UNREACHABLE.
    """
    if find_spec("distributed") is None:
        raise UsageMistake(ProblemCode.NEEDS_CLUSTER)
    for count in counts:
        yield _measured(folder, count, treatment, limit, check)


def _measured(folder: Path, workers: int, treatment: Treatment, limit: int | None, check: Callable[[], None]) -> Scaled:
    with ExitStack() as stack:
        rest = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="photoguard-bench-")))
        address, scheduler, hands = stack.enter_context(_cluster(workers, rest))
        executor = Cluster(treatment, address)
        stack.callback(executor.close)
        terms = Terms(fingerprint(treatment.options, executor.start(check)))
        caster = stack.enter_context(Personas(None)).cast
        jobs = discover([folder], rest / "copies")[:limit]
        _done(discover([folder], rest / "warm")[: _WARM * workers], executor, terms, check, caster)
        began, here = time.perf_counter(), time.process_time()
        before = [_cpu(one) for one in (scheduler, *hands)]
        outcomes = _done(jobs, executor, terms, check, caster)
        seconds, here = time.perf_counter() - began, time.process_time() - here
        spent = [_cpu(one) - was for one, was in zip((scheduler, *hands), before, strict=True)]
        misses = tuple(one.problem.code.value for one in outcomes if one.output is None and one.problem is not None)
        return Scaled(workers, len(outcomes), misses, seconds, tuple(spent[1:]), spent[0], here)


def _done(
    jobs: Sequence[Job], executor: Cluster, terms: Terms, check: Callable[[], None], caster: Caster
) -> list[Outcome]:
    with Journal(None) as journal:
        return list(run(jobs, executor, journal, terms, lambda _: check(), check=check, caster=caster))


@contextmanager
def _cluster(workers: int, folder: Path) -> Iterator[tuple[str, int, list[int]]]:
    """Address, process number of the scheduler, those of the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    scheduler = _started("distributed.cli.dask_scheduler", "--host=127.0.0.1", f"--port={port}", *quiet)
    hands = [
        _started(
            "distributed.cli.dask_worker",
            address,
            "--nthreads=1",
            "--no-nanny",
            f"--local-directory={folder / str(n)}",
            *quiet,
        )
        for n in range(workers)
    ]
    try:
        _awaited(address, workers)
        yield address, scheduler.pid, [hand.pid for hand in hands]
    finally:
        for process in (*hands, scheduler):
            process.kill()
            process.wait()


def _awaited(address: str, workers: int) -> None:
    """Until all workers have reported; on a busy computer Python alone takes a minute to start."""
    distributed: Any = import_module("distributed")
    try:
        with distributed.Client(address, timeout=_PATIENCE_S, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=_PATIENCE_S)
    except (OSError, TimeoutError) as error:
        raise Failed(ProblemCode.CLUSTER_UNREACHABLE) from error


def _started(*words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 - our own Python and fixed words
        [sys.executable, "-m", *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _cpu(process: int) -> float:
    """Processor seconds so far."""
    import psutil  # comes with distributed

    spent = psutil.Process(process).cpu_times()
    return float(spent.user + spent.system)
