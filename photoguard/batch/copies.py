"""The copies that lie in the output folders already, found by what is in them rather than by name."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from photoguard.batch.content import sha256_of


class Copies:
    """Knows the files of each output folder as they were when it was first asked for."""

    def __init__(self) -> None:
        self._by_size: dict[Path, dict[int, list[Path]]] = {}
        self._hashes: dict[Path, str | None] = {}
        self._claimed: set[Path] = set()

    def remember(self, folder: Path) -> None:
        """List a folder before anything is written to it: what comes later is no copy from an earlier run."""
        self._of_size(folder, 0)

    def claim(self, place: Path, sha256: str, size_bytes: int) -> Path | None:
        """A whole copy of that content in the folder of ``place``, at that very place if there is one.

        It is read and hashed. Each file is given away once, so that two photos never count on one copy.
        """
        found = [path for path in self._of_size(place.parent, size_bytes) if path not in self._claimed]
        found.sort(key=lambda path: (path.stem != place.stem, path.name))
        for path in found:
            if self.hash_of(path) == sha256:
                self._claimed.add(path)
                return path
        return None

    def hash_of(self, path: Path) -> str | None:
        """Of a file in an output folder, read once; None where it cannot be read."""
        if path not in self._hashes:
            self._hashes[path] = None
            with suppress(OSError):
                self._hashes[path] = sha256_of(path)
        return self._hashes[path]

    def _of_size(self, folder: Path, size_bytes: int) -> list[Path]:
        if folder not in self._by_size:
            self._by_size[folder] = _listed(folder)
        return self._by_size[folder][size_bytes]


def _listed(folder: Path) -> dict[int, list[Path]]:
    by_size: dict[int, list[Path]] = defaultdict(list)
    with suppress(OSError):
        for entry in os.scandir(folder):
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
                    by_size[entry.stat(follow_symlinks=False).st_size].append(folder / entry.name)
    return by_size
