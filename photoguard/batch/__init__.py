"""Many photos: finding them, naming their copies, running them one after the other."""

from photoguard.batch.discovery import Job, Naming, discover, photos_in
from photoguard.batch.running import Position, Work, run

__all__ = ["Job", "Naming", "Position", "Work", "discover", "photos_in", "run"]
