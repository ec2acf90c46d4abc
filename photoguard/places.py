"""Where a user's and a machine's own files lie, by each system's custom, and what comes with photoguard."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAME = "photoguard"
DATA_VARIABLE = "PHOTOGUARD_DATA"
"""Environment variable that names another folder for this user's data."""


def user_data() -> Path:
    """For what a user installs: models above all."""
    if named := os.environ.get(DATA_VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        # not the roaming profile: models are large and would be copied at every log-in
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / _NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _NAME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / _NAME


def user_state() -> Path:
    """For what the program itself notes down between its runs."""
    if named := os.environ.get(DATA_VARIABLE):
        return Path(named)
    if sys.platform in {"win32", "darwin"}:
        return user_data()
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / _NAME


def user_config() -> Path:
    """For what a user sets."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / _NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _NAME
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / _NAME


def machine_config() -> Path:
    """For what an administrator sets for every user; only administrators write there."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA") or "C:/ProgramData") / _NAME
    if sys.platform == "darwin":
        return Path("/Library/Application Support") / _NAME
    return Path("/etc") / _NAME


def asset(*parts: str) -> Path | None:
    """The file ``parts`` below assets/, in the installed package or beside it in a checkout; None where it was not brought
    along.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "assets", package.parent / "assets"):
        path = folder.joinpath(*parts)
        if path.is_file():
            return path
    return None
