"""When two copies would share one place: the rule that command line and window follow alike."""

from __future__ import annotations

import os
from pathlib import Path

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def existing_copy(destination: Path) -> Path | None:
    """What lies at ``destination`` already; a copy's extension may have been corrected to the true format."""
    names = [destination, *(destination.with_suffix(end) for end in _ENDINGS)]
    return next((path for path in names if os.path.lexists(path)), None)


def copy_key(destination: Path) -> str:
    """Equal for destinations that would meet in one copy: extensions may change, and some systems ignore case."""
    return str(destination.with_suffix("")).casefold()
