"""Many computers: the same work per photo on the workers of a Dask cluster.

A photo's bytes travel inside its task, so they outlive the worker they were sent to: a photo whose worker is lost is done
again by another. What comes back is written, noted down and named here, on the one computer that keeps the journal.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from photoguard.batch.executors.executor import Ended, Errand, Glance, Glanced, Report, Task, Tell
from photoguard.batch.treatment import Practice, Readiness, Treatment
from photoguard.domain import Cast, Outcome, OutcomeKind, Progress, Sighting, Stage, silent
from photoguard.errors import Failed, PhotoguardError, Problem, ProblemCode, UsageMistake
from photoguard.output import Candidate

_PATIENCE_S = 20.0
_MOMENT_S = 0.2
_BLINK_S = 0.02
_AHEAD = 2
"""Photos per worker thread that are under way, so that none waits for the network."""


@dataclass(frozen=True)
class _Treated:
    """What a worker sends back."""

    outcome: Outcome
    data: bytes | None
    fingerprint: str


class Cluster:
    """An executor over the scheduler at ``address``; needs ``photoguard[cluster]``.

    With ``shared_paths`` workers open photos by their path where they find the same content there; else, and there
    where they do not, photos are sent. Raises ``UsageMistake`` NEEDS_CLUSTER; :meth:`start` raises ``Failed``
    CLUSTER_UNREACHABLE.
    """

    def __init__(self, treatment: Treatment, address: str, *, shared_paths: bool = False) -> None:
        try:
            import distributed
        except ImportError as error:
            raise UsageMistake(ProblemCode.NEEDS_CLUSTER) from error
        self._distributed: Any = distributed
        self._treatment = treatment
        self._address = address
        self._shared_paths = shared_paths
        self._client: Any = None
        self._futures: dict[Any, Task] = {}
        self._begun: list[Task] = []
        self._failed: list[Report] = []
        self._fingerprint = ""
        self.capacity = 1

    def start(self, check: Callable[[], None]) -> Readiness:
        check()
        try:
            self._client = self._distributed.Client(self._address, timeout=_PATIENCE_S, set_as_default=False)
            self._client.wait_for_workers(1, timeout=_PATIENCE_S)
        except (OSError, ValueError, TimeoutError) as error:
            raise Failed(ProblemCode.CLUSTER_UNREACHABLE) from error
        self._count()
        asked = self._client.submit(_readiness, self._treatment, pure=False)
        while not asked.done():
            check()
            _until_done([asked], _MOMENT_S)
        readiness: Readiness = asked.result()
        self._fingerprint = readiness.fingerprint
        return readiness

    def submit(self, task: Task) -> None:
        try:
            data = task.source.read_bytes()
        except OSError:
            self._failed.append(_never_sent(task))
            return
        path = str(task.source.absolute()) if self._shared_paths else None
        sent = None if path else data, path, hashlib.sha256(data).hexdigest(), task.source.suffix
        with warnings.catch_warnings():  # Dask would rather have the bytes on one worker, where they can be lost
            warnings.simplefilter("ignore")
            if isinstance(task, Glance):
                future = self._client.submit(_sighted, self._treatment, *sent, pure=False, retries=1, priority=1)
            else:
                future = self._client.submit(_treated, self._treatment, *sent, task.cast, pure=False, retries=1)
        self._futures[future] = task
        self._begun.append(task)

    def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
        for task in self._begun:
            tell(task.ticket, Progress(Stage.READING))
        self._begun.clear()
        ended, self._failed = self._failed, []
        if self._futures and not ended:
            _until_done(list(self._futures), patience_s)
        for future in [future for future in self._futures if future.done()]:
            task = self._futures.pop(future)
            ended.append(_glanced(task, future) if isinstance(task, Glance) else self._ended(task, future))
        self._count()
        return ended

    def close(self) -> None:
        if self._client is not None:
            with suppress(Exception):  # the cluster may be gone
                self._client.cancel(list(self._futures), force=True)
                self._client.close(timeout=5)
        self._futures.clear()
        self._client = None

    def _count(self) -> None:
        """Workers come and go."""
        threads = sum(self._client.nthreads().values())
        self.capacity = max(1, threads * _AHEAD)

    def _ended(self, errand: Errand, future: Any) -> Ended:  # noqa: ANN401 - distributed has no types
        try:
            treated: _Treated = future.result()
        except Exception as error:  # noqa: BLE001 - whatever happens far away costs this photo only
            return Ended(errand.ticket, _failed(errand, self._lost(error)))
        if treated.fingerprint != self._fingerprint:
            return Ended(errand.ticket, _failed(errand, Problem(ProblemCode.CLUSTER_UNEVEN)))
        outcome = replace(treated.outcome, source=errand.source)
        if outcome.output is None or treated.data is None or outcome.proof is None:
            return Ended(errand.ticket, replace(outcome, output=None))
        try:
            output = self._written(errand, outcome.output.suffix, treated.data, outcome.proof.sha256)
        except PhotoguardError as error:
            return Ended(errand.ticket, _failed(errand, error.problem))
        return Ended(errand.ticket, replace(outcome, output=output))

    def _lost(self, error: Exception) -> Problem:
        if isinstance(error, self._distributed.KilledWorker):  # the photo ended several workers, one after the other
            return Problem(ProblemCode.ENGINE_DIED)
        if isinstance(error, PhotoguardError):
            return error.problem
        return Problem(ProblemCode.INTERNAL, {"kind": type(error).__name__})

    def _written(self, errand: Errand, suffix: str, data: bytes, sha256: str) -> Path:
        destination = errand.destination.with_suffix(suffix)
        with Candidate(destination, source=errand.source, keep_times=self._treatment.keep_times) as candidate:
            candidate.write(data)
            if hashlib.sha256(candidate.read()).hexdigest() != sha256:
                raise Failed(ProblemCode.PIXELS_DIFFER)
            return candidate.commit()


def _until_done(futures: list[Any], patience_s: float) -> None:
    """Until any is done; Dask's own wait would need a client that is everybody's."""
    deadline = time.monotonic() + patience_s
    while not any(future.done() for future in futures) and time.monotonic() < deadline:
        time.sleep(_BLINK_S)


def _never_sent(task: Task) -> Report:
    if isinstance(task, Glance):
        return Glanced(task.ticket, None)
    return Ended(task.ticket, Outcome(task.source, None, OutcomeKind.REFUSED, Problem(ProblemCode.VANISHED)))


def _glanced(task: Glance, future: Any) -> Glanced:  # noqa: ANN401 - distributed has no types
    try:
        sighting: Sighting | None = future.result()
    except Exception:  # noqa: BLE001 - whatever happens far away costs this photo its persona only
        sighting = None
    return Glanced(task.ticket, sighting)


def _failed(errand: Errand, problem: Problem) -> Outcome:
    return Outcome(errand.source, None, OutcomeKind.FAILED, problem)


_here = threading.local()
"""Each thread of a worker has models of its own, for as long as it is asked for the same treatment."""


def _practice(treatment: Treatment) -> Practice:
    if getattr(_here, "treatment", None) != treatment:
        _here.practice = Practice(treatment)
        _here.treatment = treatment
    practice: Practice = _here.practice
    return practice


def _readiness(treatment: Treatment) -> Readiness:
    """Runs on a worker."""
    return _practice(treatment).readiness


def _treated(
    treatment: Treatment, data: bytes | None, path: str | None, sha256: str, suffix: str, cast: Cast | None
) -> _Treated:
    """Runs on a worker: one photo, by its bytes or by its path."""
    practice = _practice(treatment)
    with _at_hand(data, path, sha256, suffix) as source:
        outcome = practice.treat(source, source.parent / "copy" / source.name, silent, cast)
        made = None if outcome.output is None else outcome.output.read_bytes()
    return _Treated(outcome, made, practice.readiness.fingerprint)


def _sighted(treatment: Treatment, data: bytes | None, path: str | None, sha256: str, suffix: str) -> Sighting | None:
    """Runs on a worker: who is in a photo."""
    with _at_hand(data, path, sha256, suffix) as source:
        return _practice(treatment).sight(source, silent)


@contextmanager
def _at_hand(data: bytes | None, path: str | None, sha256: str, suffix: str) -> Iterator[Path]:
    """The photo as a file under a name of ours: its own stays where the photo is."""
    if data is None:
        assert path is not None
        data = Path(path).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Failed(ProblemCode.VANISHED)
    with tempfile.TemporaryDirectory(prefix="photoguard-") as folder:
        source = Path(folder, f"photo{suffix}")
        source.write_bytes(data)
        yield source
