"""What the user chose once and expects to find again: a small JSON file of their own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoguard.domain import Platform, Strength
from photoguard.output import replace_own
from photoguard.policy import Policy

_VERSION = 1


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Naming(StrEnum):
    KEEP = "keep"
    COUNTER = "counter"
    RANDOM = "random"


@dataclass(frozen=True)
class Settings:
    """Every value has a default that works; names equal the command line's options where both have them."""

    language: str = ""
    """``en`` or ``ko``; empty: the system's."""
    strength: Strength = Strength.STANDARD
    platform: Platform = Platform.ANY
    theme: Theme = Theme.SYSTEM
    naming: Naming = Naming.KEEP
    out: str = ""
    """Folder for the copies; empty: a folder beside the originals."""
    threads: int = 0
    """Most threads of the processor for the work; 0: all."""
    text_percent: int = 100
    """Size of the window's text: 100..200."""
    seconds_per_face: float = 0.0
    """As measured here before, for the estimate; 0: not measured yet."""
    is_welcomed: bool = False
    """Whether the first page was seen."""
    persona: str = ""
    """Name of one false identity for every face; empty: each person has their own."""
    shield_edits: bool = False
    """Whether AI editors are to be disturbed too, where an encoder is installed."""


def settings_path() -> Path:
    """Where this user's settings lie, by the system's custom."""
    if named := os.environ.get("PHOTOGUARD_SETTINGS"):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return folder / "photoguard" / "settings.json"


def load_settings(path: Path) -> Settings:
    """The settings of ``path``; whatever is missing or makes no sense there is as by default."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return Settings()
    return _understood(document) if isinstance(document, dict) else Settings()


def ruled(settings: Settings, rules: Policy) -> Settings:
    """What counts when a user chose ``settings`` and an administrator fixed ``rules``."""
    return replace(
        settings,
        strength=rules.strength(settings.strength),
        platform=Platform(rules.settings.get("platform", settings.platform)),
        naming=Naming(rules.naming or settings.naming),
    )


def save_settings(settings: Settings, path: Path) -> None:
    """Write ``settings`` whole or not at all. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_own(path, json.dumps({"version": _VERSION, **asdict(settings)}, indent=1).encode())


def _understood(document: Mapping[str, Any]) -> Settings:
    understood: dict[str, Any] = {}
    for name, default in asdict(Settings()).items():
        value = document.get(name)
        if isinstance(default, StrEnum):
            kind = type(default)
            if value in set(kind):
                understood[name] = kind(value)
        elif type(value) is type(default) and _is_sensible(name, value):
            understood[name] = value
    return replace(Settings(), **understood)


def _is_sensible(name: str, value: object) -> bool:
    if name == "language":
        return value in {"", "en", "ko"}
    if name == "threads":
        return isinstance(value, int) and 0 <= value <= 256
    if name == "seconds_per_face":
        return isinstance(value, float) and 0 <= value <= 86400
    if name == "text_percent":
        return isinstance(value, int) and 100 <= value <= 200
    return True
