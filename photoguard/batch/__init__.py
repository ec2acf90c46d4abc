"""Many photos: finding them, naming their copies, doing each once, here, beside here or on a cluster."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from photoguard.batch.discovery import Job, Met, Naming, discover, files_in, photos_in

if TYPE_CHECKING:
    from photoguard.batch.journal import Journal
    from photoguard.batch.running import Found, Position, Terms, run
    from photoguard.batch.treatment import Treatment, fingerprint

__all__ = [
    "Found",
    "Job",
    "Journal",
    "Met",
    "Naming",
    "Position",
    "Terms",
    "Treatment",
    "discover",
    "files_in",
    "fingerprint",
    "photos_in",
    "run",
]

_ROOMS = {
    "Journal": "journal",
    "Found": "running",
    "Position": "running",
    "Terms": "running",
    "run": "running",
    "Treatment": "treatment",
    "fingerprint": "treatment",
}


def __getattr__(name: str) -> object:
    """What works on photos is loaded when it is asked for: the window only walks folders, and is to be seen at once."""
    if name not in _ROOMS:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
