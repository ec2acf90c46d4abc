"""Finished measurements, one JSON object a line, so that an interrupted benchmark goes on where it stood."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Key = tuple[str, ...]


class Store:
    """Append-only. A line that was cut short by a crash is passed over, and the next one starts afresh."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records: dict[Key, Record] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    record = json.loads(line)
                    self._records[tuple(record["key"])] = record
                except (ValueError, KeyError, TypeError):
                    continue

    def find(self, key: Key) -> Record | None:
        return self._records.get(key)

    def add(self, key: Key, record: Record) -> Record:
        """Keep ``record`` under ``key``, on disk when this returns."""
        line = json.dumps({"key": list(key), **record}, separators=(",", ":"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab+") as file:
            if file.tell() and not _ends_well(file):
                file.write(b"\n")
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # as the next run will read it, so that a run that was interrupted ends as one that was not
        whole: Record = json.loads(line)
        self._records[key] = whole
        return whole

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())


def _ends_well(file: Any) -> bool:  # noqa: ANN401 - a binary file
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")
