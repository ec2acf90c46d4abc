"""Where each copy goes: a folder beside what was dropped, never over anything."""

from __future__ import annotations

import secrets
from pathlib import Path

from photoguard.copy_names import copy_key
from photoguard.settings import Naming, Settings

FOLDER = "photoguard"
"""Name of the folder beside the originals."""


def folder_for(root: Path, settings: Settings) -> Path:
    """The folder for the copies of what was dropped as ``root``."""
    return Path(settings.out) if settings.out else root.parent / FOLDER


def destination_for(source: Path, root: Path, settings: Settings, taken: set[str], number: int) -> Path:
    """Where the copy of ``source`` goes; a dropped folder's tree is mirrored.

    ``taken`` holds the names given out in this run, without extension, and gains this one: two photos never share one.
    ``number`` names the copy where names are neutral.
    """
    folder = folder_for(root, settings)
    if settings.naming is Naming.COUNTER:
        place = Path(f"photo-{number:04}{source.suffix.lower()}")
    elif settings.naming is Naming.RANDOM:
        place = Path(f"{secrets.token_hex(8)}{source.suffix.lower()}")
    else:
        place = _place(source, root)
    destination = folder / place
    stem, counter = destination.stem, 1
    while (key := copy_key(destination)) in taken:
        counter += 1
        destination = destination.with_name(f"{stem}-{counter}{destination.suffix}")
    taken.add(key)
    return destination


def _place(source: Path, root: Path) -> Path:
    """Below the folder for copies: a dropped folder's tree, or the file's name."""
    if source != root and source.is_relative_to(root):
        return Path(root.name) / source.relative_to(root)
    return Path(root.name)  # the file itself, or the name that a pasted picture was given
