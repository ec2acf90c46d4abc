"""Secrets that are unique per hiding place, and the search for them in every spelling."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib


def secret_for(name: str) -> bytes:
    """24 letters that occur nowhere by chance."""
    return b"CANARY" + base64.b32encode(hashlib.sha256(name.encode()).digest())[:18]


def traces(data: bytes, secret: bytes) -> list[str]:
    """The spellings in which ``secret`` occurs in ``data``, or in anything that inflates or decodes inside it."""
    found = _spelled(data, secret)
    for layer in _inside(data):
        found += [f"inside: {spelling}" for spelling in _spelled(layer, secret)]
    return found


def _spelled(data: bytes, secret: bytes) -> list[str]:
    text = secret.decode()
    spellings = {
        "plain": secret,
        "reversed": secret[::-1],
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "utf-32": text.encode("utf-32-be"),
        "hex": secret.hex().encode(),
        "HEX": secret.hex().upper().encode(),
    }
    for shift in range(3):
        # The middle of the code depends on the secret alone.
        spellings[f"base64+{shift}"] = base64.b64encode(bytes(shift) + secret + bytes(3))[4:-8]
    return [name for name, spelling in spellings.items() if spelling in data]


def _inside(data: bytes) -> list[bytes]:
    """Everything that inflates, and long base64 texts decoded."""
    layers = []
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            layers.append(zlib.decompressobj().decompress(data[match.start() :], 1 << 20))
        except zlib.error:
            continue
    texts = re.findall(rb"[A-Za-z0-9+/]{80,}", data)
    return layers + [base64.b64decode(text[: len(text) // 4 * 4]) for text in texts]
