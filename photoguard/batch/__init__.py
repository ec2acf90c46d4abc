"""Many photos: finding them, naming their copies, doing each once, here, beside here or on a cluster."""

from photoguard.batch.discovery import Job, Met, Naming, discover, files_in, photos_in
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
