"""`photoguard --version`: which photoguard, and with ``--verbose`` on what it stands. No path and no name of anybody."""

from __future__ import annotations

import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, distributions, version

from photoguard import __version__

_PARTS = (
    "torch",
    "numpy",
    "pillow",
    "dlib-bin",
    "face_recognition_models",
    "onnxruntime",
    "pi-heif",
    "PySide6-Essentials",
)


def version_text(*, is_verbose: bool) -> str:
    """One line; with ``is_verbose`` also Python, the system and every part that makes a difference to the result.

    The installed program carries its parts with it and names all of them.
    """
    lines = [f"photoguard {__version__}"]
    if is_verbose:
        kind = "installed program" if is_frozen() else "Python package"
        lines.append(f"{kind}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
        lines += [f"{part} {_version(part)}" for part in (_inside() if is_frozen() else _PARTS)]
    return "\n".join(lines)


def is_frozen() -> bool:
    """Whether this is the program that an installer brought, and no Python runs it."""
    return bool(getattr(sys, "frozen", False))


def _inside() -> tuple[str, ...]:
    """Names of all packages that were frozen with us, those that matter most first."""
    names = {_plain(found.metadata["Name"]): found.metadata["Name"] for found in distributions()}
    first = [names.pop(_plain(part)) for part in _PARTS if _plain(part) in names]
    return (*first, *(names[key] for key in sorted(names) if key != "photoguard"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return "-"
