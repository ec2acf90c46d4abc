"""Writes the licence report of everything inside, and the texts that it names."""  # noqa: INP001

from __future__ import annotations

import re
import shutil
from pathlib import Path

from components import Component

REPORT = "THIRD-PARTY.md"
_COPYLEFT_TEXTS = ("LGPL-3.0.txt", "GPL-3.0.txt")

_INTRODUCTION = """# What photoguard brings along

photoguard is licensed under Apache-2.0 (`LICENSE`, notices in `NOTICE.md`). This installation carries the parts below, each under
its own licence; the texts lie in the folders named after them.

Qt and PySide6 (LGPL-3.0), libheif and libde265 (LGPL-3.0) are separate files in this folder and may be replaced by
versions of your own that fit their interfaces. Their sources are at <https://download.qt.io>, <https://github.com/strukturag/libheif>
and <https://github.com/strukturag/libde265>.

| part | version | licence | texts |
| --- | --- | --- | --- |
"""


def write_licences(project: Path, parts: list[Component], folder: Path) -> None:
    """Put the report and one folder of texts per part into ``folder``, which is made anew.

    Raises ``SystemExit`` where a part's licence is not known: nothing is passed on under unknown terms.
    """
    unknown = [part.name for part in parts if part.licence == "unknown"]
    if unknown:
        raise SystemExit(f"no licence known: {', '.join(unknown)}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("LICENSE", "NOTICE.md"):
        shutil.copy(project / name, folder / name)
    for name in _COPYLEFT_TEXTS:
        shutil.copy(project / "packaging" / "licences" / name, folder / name)
    rows = []
    for part in parts:
        for number, text in enumerate(part.texts):
            place = folder / part.name / _flat(text, number)
            place.parent.mkdir(exist_ok=True)
            shutil.copy(text, place)
        where = f"`{part.name}/`" if part.texts else _elsewhere(part)
        rows.append(f"| {part.name} | {part.version} | {part.licence} | {where} |\n")
    (folder / REPORT).write_text(_INTRODUCTION + "".join(rows), encoding="utf-8")


def _elsewhere(part: Component) -> str:
    return "`LGPL-3.0.txt`, `GPL-3.0.txt`" if part.licence.startswith("LGPL") else "named by its package"


def _flat(text: Path, number: int) -> str:
    """One name for a text that may lie deep, as torch's hundred do; short enough for Windows."""
    name = re.sub(r"[^\w.-]", "_", text.name)
    return name if number == 0 else f"{number:03d}-{text.parent.name[:40]}-{name}"
