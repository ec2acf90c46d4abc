"""How many photos this computer can carry at once, and how much memory they may take together."""

from __future__ import annotations

import os
from dataclasses import dataclass

PROCESS_BYTES = 500_000_000
"""A process with torch and the built-in models, before its first photo."""
_SCRUB_PROCESS_BYTES = 120_000_000
_PHOTO_BYTES = 400_000_000
"""An ordinary photo of a phone while it is worked on."""
_UNTOLD_BYTES = 2_000_000_000
_LEAST_PHOTOS = 6
"""Loading the models once more takes about as long as two photos."""
_LEAST_SCRUBS = 64


@dataclass(frozen=True)
class Capacity:
    """How a run is spread over this computer."""

    processes: int
    """1: in the process that runs the plan."""
    threads: int
    """Of the processor, per process."""
    room_bytes: int
    """Memory for the photos that are worked on, models aside."""


def capacity_for(photos: int, *, is_scrub: bool, jobs: int | None = None, limit_bytes: int | None = None) -> Capacity:
    """What a run over ``photos`` photos takes, at most ``limit_bytes`` of memory for all its processes.

    ``jobs`` is obeyed where it is given, the default is one process per core, since two processes of one thread
    do more than one of two threads, and fewer where memory is short or photos are few.
    """
    cores = processor_cores()
    limit = free_bytes() // 2 if limit_bytes is None else limit_bytes
    own = _SCRUB_PROCESS_BYTES if is_scrub else PROCESS_BYTES
    least = _LEAST_SCRUBS if is_scrub else _LEAST_PHOTOS
    fitting = max(1, limit // (own + _PHOTO_BYTES))
    wished = 1 if photos < least else min(cores, photos * 2 // least)
    processes = min(photos, jobs) if jobs is not None else min(wished, fitting)
    processes = max(1, processes)
    # the one that runs the plan does no work of its own beside others
    running = _SCRUB_PROCESS_BYTES if processes > 1 else 0
    room = max(0, limit - processes * own - running)
    return Capacity(processes, max(1, cores // processes), room)


def processor_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_bytes() -> int:
    """Memory that could be taken without driving others out; a small computer's where the system does not say."""
    import psutil

    try:
        return int(psutil.virtual_memory().available)
    except (OSError, RuntimeError):  # Linux without /proc, as in bare containers
        return _UNTOLD_BYTES


def is_on_mains() -> bool:
    """Whether the charger is plugged in; computers without a battery always are."""
    import psutil

    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except (OSError, RuntimeError):
        return True
    return battery is None or battery.power_plugged is not False
