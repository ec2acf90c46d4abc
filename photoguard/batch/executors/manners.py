"""How much of the computer a process takes for itself."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Manners:
    """Of one working process."""

    threads: int = 1
    """Of the processor, in numeric libraries."""
    gives_way: bool = True
    """Whatever else the user does comes first."""


def behave(manners: Manners) -> None:
    """Take on ``manners``; to be called before torch is loaded. Where the system refuses, work goes on as it is."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(manners.threads)
    wait_quietly()
    if manners.gives_way:
        give_way()


def wait_quietly() -> None:
    """Make numeric libraries sleep while their threads wait for each other: spinning, they rob whoever has work to do.

    To be called before torch is loaded.
    """
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def give_way() -> None:
    """Let everything else on this computer go first."""
    import psutil

    process = psutil.Process()
    with suppress(OSError, psutil.Error, AttributeError, ValueError):
        if psutil.WINDOWS:
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(10, process.nice()))
    with suppress(OSError, psutil.Error, AttributeError, ValueError):
        if psutil.LINUX:
            process.ionice(psutil.IOPRIO_CLASS_BE, 7)
        elif psutil.WINDOWS:
            process.ionice(psutil.IOPRIO_LOW)
