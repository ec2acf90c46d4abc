"""Many photos: finding them, naming their copies, running them one after the other."""

from photoguard.batch.discovery import Job, discover
from photoguard.batch.running import Position, run

__all__ = ["Job", "Position", "discover", "run"]
