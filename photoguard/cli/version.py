"""`photoguard --version`: which photoguard, and with ``--verbose`` on what it stands. No path and no name of anybody."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from photoguard import __version__

_PARTS = (
    "torch",
    "numpy",
    "pillow",
    "dlib-bin",
    "face_recognition_models",
    "onnxruntime",
    "pillow-heif",
    "PySide6-Essentials",
)


def version_text(*, is_verbose: bool) -> str:
    """One line; with ``is_verbose`` also Python, the system and every part that makes a difference to the result."""
    lines = [f"photoguard {__version__}"]
    if is_verbose:
        lines.append(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
        lines += [f"{part} {_version(part)}" for part in _PARTS]
    return "\n".join(lines)


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return "-"
