"""The file as it was found: its bytes, and what it carries."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from photoguard.containers import Inventory, inventory
from photoguard.domain import Finding, Outcome, OutcomeKind, Progress, ProgressListener, Stage
from photoguard.errors import Cancelled, PhotoguardError, Problem, ProblemCode, Refused

LIMIT_BYTES = 512 * 1024 * 1024
"""Larger files are refused unread."""


@dataclass(frozen=True)
class Found:
    """One file, read once."""

    source: Path
    data: bytes
    findings: tuple[Finding, ...]
    orientation: int
    """As EXIF counts it; 1: upright."""


def outcome_of(source: Path, work: Callable[[Found], Outcome], listener: ProgressListener) -> Outcome:
    """Run ``work`` on the file; every mistake but a cancel becomes an outcome."""
    started = time.monotonic()
    findings: tuple[Finding, ...] = ()
    try:
        listener(Progress(Stage.READING))
        data = read(source)
        listed = inventory(data)
        findings = listed.findings
        outcome = work(Found(source, data, findings, listed.orientation))
    except Cancelled:
        raise
    except Refused as error:
        outcome = Outcome(source, None, OutcomeKind.REFUSED, error.problem, findings)
    except PhotoguardError as error:
        outcome = Outcome(source, None, OutcomeKind.FAILED, error.problem, findings)
    except MemoryError:
        outcome = Outcome(source, None, OutcomeKind.FAILED, Problem(ProblemCode.OUT_OF_MEMORY), findings)
    except Exception as error:  # noqa: BLE001 - one photo's surprise must not end the others
        problem = Problem(ProblemCode.INTERNAL, {"kind": type(error).__name__})
        outcome = Outcome(source, None, OutcomeKind.FAILED, problem, findings)
    return replace(outcome, seconds=round(time.monotonic() - started, 3))


def read(source: Path) -> bytes:
    """The bytes of a file of bearable size. Raises ``Refused``: VANISHED, UNREADABLE, EMPTY_FILE, FILE_TOO_BIG."""
    try:
        size = source.stat().st_size
        if size > LIMIT_BYTES:
            raise Refused(ProblemCode.FILE_TOO_BIG, size_bytes=size, limit_bytes=LIMIT_BYTES)
        data = source.read_bytes()
    except FileNotFoundError as error:
        raise Refused(ProblemCode.VANISHED) from error
    except OSError as error:
        code = ProblemCode.VANISHED if error.errno == errno.ESTALE else ProblemCode.UNREADABLE
        raise Refused(code) from error
    if not data:
        raise Refused(ProblemCode.EMPTY_FILE)
    return data


def inspect(source: Path) -> Inventory:
    """What ``source`` carries besides its picture. Raises ``Refused``: VANISHED, UNREADABLE, NOT_A_PHOTO, ..."""
    return inventory(read(source))
