"""`photoguard install-menu`: "Protect with photoguard" in the file manager of this user."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from photoguard.cli.menu_entries import Entry, entries
from photoguard.cli.terminal import shown
from photoguard.cli.version import is_frozen
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, phrase
from photoguard.output import replace_own

_MARK = b"photoguard"
"""Stands in every entry of ours; no other file is replaced or removed."""


def run_install_menu(tongue: Language, *, is_removal: bool) -> int:
    """Put the entries there or take them out, and say where; 0. Raises ``UsageMistake`` MENU_UNAVAILABLE."""
    base = _base()
    for entry in _all(tongue):
        path = base / entry.place
        try:
            if is_removal:
                if _is_own(path):
                    path.unlink()
                    print(phrase("menu_removed", tongue, path=shown(path)))
                    _remove_empty(path.parent, base)
                continue
            if os.path.lexists(path) and not _is_own(path):
                raise UsageMistake(ProblemCode.MENU_UNAVAILABLE)
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_own(path, entry.content)
            path.chmod(0o755 if entry.is_program else 0o644)
        except OSError as error:
            raise UsageMistake(ProblemCode.MENU_UNAVAILABLE) from error
        print(phrase("menu_installed", tongue, path=shown(path)))
    return 0


def command() -> tuple[str, ...]:
    """Opens the window of this very installation; file managers know nothing of our search path."""
    program = Path(sys.executable)
    if is_frozen():
        beside = program.with_name(f"photoguard-window{program.suffix}")  # Windows and macOS have one without a console
        return (str(beside),) if beside.exists() else (str(program), "gui")
    windowed = program.with_name("pythonw.exe")  # opens no console beside the window
    return (str(windowed if windowed.exists() else program), "-m", "photoguard", "gui")


def _all(tongue: Language) -> tuple[Entry, ...]:
    return entries(sys.platform, command(), tongue)


def _base() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    return Path.home()


def _is_own(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and _MARK in path.read_bytes()
    except OSError:
        return False


def _remove_empty(folder: Path, base: Path) -> None:
    """Folders that were made for the entry, e.g. macOS' bundle, go with it."""
    with suppress(OSError):
        while folder != base and folder.suffix in {".workflow", ""} and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
