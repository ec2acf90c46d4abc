"""Ed25519 signatures of packs, by the ``cryptography`` package: whoever holds the public key knows who made a pack."""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from photoguard.errors import Failed, ProblemCode, Refused

_PREFIX = "ed25519:"
_PURPOSE = b"photoguard pack, version 1\n"
"""Goes before what is signed, so that no signature made for anything else fits a pack."""


def make_key(path: Path) -> str:
    """Write a new secret key to ``path`` (PEM, readable by its owner only); its public key as ``ed25519:...``.

    Raises ``Refused(OUTPUT_EXISTS)``, ``Failed(OUTPUT_NOT_WRITABLE)``.
    """
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refused(ProblemCode.OUTPUT_EXISTS) from error
    except OSError as error:
        raise Failed(ProblemCode.OUTPUT_NOT_WRITABLE) from error
    return _public_text(key.public_key())


def sign(data: bytes, path: Path) -> str:
    """The signature of ``data`` with the secret key in ``path``. Raises ``Failed(KEY_BROKEN)``."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Failed(ProblemCode.KEY_BROKEN) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Failed(ProblemCode.KEY_BROKEN)
    return _PREFIX + base64.b64encode(key.sign(_PURPOSE + data)).decode()


def is_signed(data: bytes, signature: str, public: str) -> bool:
    """Whether ``signature`` is that of ``data`` by the holder of ``public``. Raises ``Failed(KEY_BROKEN)``."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(public))
    except ValueError as error:
        raise Failed(ProblemCode.KEY_BROKEN) from error
    with suppress(ValueError, InvalidSignature):
        key.verify(_decoded(signature), _PURPOSE + data)
        return True
    return False


def _public_text(key: Ed25519PublicKey) -> str:
    return _PREFIX + base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _decoded(text: str) -> bytes:
    text = text.strip()
    if not text.startswith(_PREFIX):
        raise ValueError
    return base64.b64decode(text.removeprefix(_PREFIX), validate=True)
