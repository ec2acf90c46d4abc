"""Makes names from strangers safe to print."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path | str) -> str:
    """``path`` with control characters, line breaks and half characters written out, so that no name moves the cursor."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode("ascii")
        for char in str(path)
    )
