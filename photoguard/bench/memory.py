"""Peak memory of this process, where the system tells (Linux)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_SELF = Path("/proc/self")


def forget_peak() -> None:
    """Start a new measurement."""
    with suppress(OSError):
        (_SELF / "clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float | None:
    """Most memory held since :func:`forget_peak`, models and program included, in 10^6 bytes; None where unknown."""
    with suppress(OSError, ValueError):
        for line in (_SELF / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) * 1024 / 1e6, 1)
    return None
