"""Where the window's data files lie: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def asset(*parts: str) -> Path | None:
    """The file ``parts`` below assets/; None where it was not brought along."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "assets", package.parent / "assets"):
        path = folder.joinpath(*parts)
        if path.is_file():
            return path
    return None
