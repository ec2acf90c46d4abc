"""Seals what is kept of people's faces, with a key that lies in the operating system's keyring where there is one."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoguard.errors import Failed, ProblemCode

KEY_NAME = "personas.key"
_SERVICE = "photoguard"
_KEY_BYTES, _NONCE_BYTES = 32, 12
_PATIENCE_S = 20.0
"""A locked keyring asks its owner for a password; nobody may be there to answer."""


class Keeper(StrEnum):
    """Who keeps the key."""

    KEYRING = "keyring"
    FILE = "file"
    """A file that the user alone may read, where the system has no keyring or ``photoguard[keyring]`` is not installed."""
    NOBODY = "nobody"
    """It is gone when the program ends."""


class Seal:
    """Encrypts and authenticates (AES-256-GCM); what was sealed for one place cannot be put in another."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)

    def closed(self, data: bytes, place: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, place.encode())

    def opened(self, sealed: bytes, place: str) -> bytes:
        """Raises ``Failed`` PERSONAS_LOCKED where key, place or content is another."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise Failed(ProblemCode.PERSONAS_LOCKED) from error


def new_key(folder: Path) -> tuple[bytes, Keeper]:
    """Make a key for what will lie in ``folder`` and have it kept. Raises ``OSError``."""
    key = os.urandom(_KEY_BYTES)
    if _answered(lambda ring: ring.set_password(_SERVICE, _entry(folder), key.hex())) is not None:
        return key, Keeper.KEYRING
    path = folder / KEY_NAME
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key, Keeper.FILE


def kept_key(folder: Path, keeper: Keeper) -> bytes:
    """The key that was made for ``folder``. Raises ``Failed`` PERSONAS_LOCKED where it cannot be had."""
    key = b""
    if keeper is Keeper.KEYRING:
        found = _answered(lambda ring: ring.get_password(_SERVICE, _entry(folder)))
        with suppress(ValueError):
            key = bytes.fromhex((found or [""])[0] or "")
    else:
        with suppress(OSError):
            key = (folder / KEY_NAME).read_bytes()
    if len(key) != _KEY_BYTES:
        raise Failed(ProblemCode.PERSONAS_LOCKED)
    return key


def destroy_key(folder: Path) -> None:
    """Have the key of ``folder`` forgotten, wherever it is. Raises ``OSError``."""
    _answered(lambda ring: ring.delete_password(_SERVICE, _entry(folder)))
    (folder / KEY_NAME).unlink(missing_ok=True)


def _entry(folder: Path) -> str:
    """One key per folder; the entry's name tells no path."""
    return f"personas-{hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:16]}"


def _answered(ask: Callable[[Any], str | None]) -> list[str | None] | None:
    """What the keyring says, as a list of one; None where there is none, or none that answers in time."""
    try:
        import keyring
    except ImportError:
        return None
    heard: list[str | None] = []

    def work() -> None:
        with suppress(Exception):  # each system's keyring fails in ways of its own; all mean that there is none
            ring = keyring.get_keyring()
            if ring.priority >= 1:  # lower ones keep plain text, or nothing
                heard.append(ask(ring))

    asking = threading.Thread(target=work, name="keyring", daemon=True)
    asking.start()
    asking.join(_PATIENCE_S)
    return list(heard) or None
