"""Packs: one zip file with models, their licences and rules, to carry to other computers.

``PACK.toml`` lists every other file with its hash and size, ``PACK.sig`` signs that list. What is not listed is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from photoguard.errors import Failed, ProblemCode, Refused
from photoguard.packs import manifest, signing
from photoguard.packs.description import DIGEST, Model
from photoguard.packs.reading import MOST_BYTES
from photoguard.packs.registry import Registry
from photoguard.packs.store import Installed, named_errors, verified
from photoguard.packs.unpacking import broken, opened, small, take
from photoguard.policy import FILE as POLICY

LIST, _SIGNATURE = "PACK.toml", "PACK.sig"
_VERSION = 1
_MOST_SMALL_BYTES = 1 << 20
_PATH = re.compile(r"models/(?P<model>[A-Za-z0-9][A-Za-z0-9_.-]{0,63})/(?P<file>[A-Za-z0-9][A-Za-z0-9_.-]{0,79})")
_LICENCE = "LICENCE.txt"

Check = Callable[[], None]


@dataclass(frozen=True)
class Entry:
    """One file of the list."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Unpacked:
    """What was in a pack, each file checked against the list."""

    models: tuple[tuple[Model, Path], ...]
    policy: bytes | None
    """The rules in it, not looked at yet."""


def is_pack(path: Path) -> bool:
    """Whether ``path`` is meant as a pack; files of PyTorch are zip files too."""
    try:
        with zipfile.ZipFile(path) as box:
            return LIST in box.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False


def write(
    destination: Path, models: Sequence[Installed], policy: bytes | None, key: Path | None, check: Check = lambda: None
) -> int:
    """Write a pack of ``models`` and ``policy``, signed with the secret ``key``; its size in bytes.

    Raises ``Refused(OUTPUT_EXISTS)``; ``Failed``: MODEL_CHANGED for a model that is not as it was installed, KEY_BROKEN,
    OUTPUT_NOT_WRITABLE, DISK_FULL. Leaves no file then.
    """
    if os.path.lexists(destination):
        raise Refused(ProblemCode.OUTPUT_EXISTS)
    small_files: dict[str, bytes] = {} if policy is None else {POLICY: policy}
    large_files: dict[str, Path] = {}
    entries: dict[str, Entry] = {}
    for one in models:
        if (problem := verified(one, check)) is not None:
            raise Failed(problem.code, **problem.facts)
        folder = f"models/{one.model.name}"
        small_files[f"{folder}/{manifest.LIST}"] = manifest.written([one.model])
        small_files[f"{folder}/{_LICENCE}"] = _licence_of(one)
        large_files[f"{folder}/{one.model.file}"] = one.path
        entries[f"{folder}/{one.model.file}"] = Entry(one.model.sha256, one.model.bytes)
    entries |= {name: Entry(hashlib.sha256(data).hexdigest(), len(data)) for name, data in small_files.items()}
    listed = _listed(entries)
    small_files[LIST] = listed
    if key is not None:
        small_files[_SIGNATURE] = signing.sign(listed, key).encode() + b"\n"
    temporary = destination.with_name(f".{destination.name}-{secrets.token_hex(4)}.part")
    try:
        with named_errors(ProblemCode.OUTPUT_NOT_WRITABLE):
            destination.parent.mkdir(parents=True, exist_ok=True)
            # models hardly shrink; stored files are quick to read on an old laptop
            with zipfile.ZipFile(temporary, "x", zipfile.ZIP_STORED) as box:
                for name, data in small_files.items():
                    box.writestr(_dateless(name), data)
                for name, path in large_files.items():
                    _copy(box, name, path, check)
            size = temporary.stat().st_size
            if os.path.lexists(destination):
                raise Refused(ProblemCode.OUTPUT_EXISTS)
            temporary.rename(destination)
    finally:
        with suppress(OSError):
            temporary.unlink()
    return size


def unpack(path: Path, staging: Path, keys: Sequence[str], known: Registry, check: Check = lambda: None) -> Unpacked:
    """Check the pack at ``path`` and unpack it into ``staging``; nothing of it is believed before its hash is.

    It must be signed by the holder of every public key in ``keys``. Raises ``Failed``: PACK_UNSIGNED, PACK_FORGED,
    KEY_BROKEN, PACK_BROKEN, MODEL_LIST_BROKEN, DISK_FULL, MODELS_FOLDER_UNWRITABLE.
    """
    with named_errors(), opened(path) as box:
        listed = small(box, LIST, _MOST_SMALL_BYTES)
        _check_signature(box, listed, keys)
        entries = _entries(listed)
        if set(box.namelist()) - {LIST, _SIGNATURE} != set(entries):
            raise broken("unlisted")
        policy = _small_checked(box, POLICY, entries[POLICY]) if POLICY in entries else None
        return Unpacked(tuple(_models(box, entries, staging, known, check)), policy)


def _models(
    box: zipfile.ZipFile, entries: Mapping[str, Entry], staging: Path, known: Registry, check: Check
) -> list[tuple[Model, Path]]:
    found = []
    for folder in sorted({name.rpartition("/")[0] for name in entries if name != POLICY}):
        inside = {name.rpartition("/")[2] for name in entries if name.startswith(f"{folder}/")}
        files = inside - {manifest.LIST, _LICENCE}
        if len(files) != 1 or manifest.LIST not in inside:
            raise broken("folder")
        (file,) = files
        entry = entries[f"{folder}/{file}"]
        tables = manifest.parse(_small_checked(box, f"{folder}/{manifest.LIST}", entries[f"{folder}/{manifest.LIST}"]))
        if len(tables["model"]) != 1:
            raise broken("folder")
        model = manifest.model_of(tables["model"][0], file, entry.sha256, entry.bytes, known)
        if model.name != folder.rpartition("/")[2] or tables["model"][0].get("file") != file:
            raise broken("folder")
        target = staging / f"pack-{model.name}"
        take(box, f"{folder}/{file}", entry.sha256, entry.bytes, target, check)
        found.append((model, target))
    return found


def _check_signature(box: zipfile.ZipFile, listed: bytes, keys: Sequence[str]) -> None:
    if not keys:
        return
    if _SIGNATURE not in box.namelist():
        raise Failed(ProblemCode.PACK_UNSIGNED)
    signature = small(box, _SIGNATURE, 1000).decode("ascii", "replace")
    if not all(signing.is_signed(listed, signature, key) for key in keys):
        raise Failed(ProblemCode.PACK_FORGED)


def _listed(entries: Mapping[str, Entry]) -> bytes:
    lines = [f"version = {_VERSION}", ""]
    for name, entry in sorted(entries.items()):
        lines += ["[[file]]", f"path = {json.dumps(name)}", f'sha256 = "{entry.sha256}"', f"bytes = {entry.bytes}", ""]
    return "\n".join(lines).encode()


def _entries(listed: bytes) -> Mapping[str, Entry]:
    """The files of the list by path; every path is one of the few that packs have."""
    try:
        content = tomllib.loads(listed.decode("utf-8"))
        tables = content["file"]
        entries = {table["path"]: Entry(table["sha256"], table["bytes"]) for table in tables}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise broken("list") from error
    if content.get("version") != _VERSION or len(entries) != len(tables):
        raise broken("list")
    for name, entry in entries.items():
        is_known = name == POLICY or (isinstance(name, str) and _PATH.fullmatch(name))
        is_sound = isinstance(entry.sha256, str) and DIGEST.fullmatch(entry.sha256) and type(entry.bytes) is int
        if not is_known or not is_sound or not 0 <= entry.bytes <= MOST_BYTES:
            raise broken("list")
    return MappingProxyType(entries)


def _small_checked(box: zipfile.ZipFile, name: str, entry: Entry) -> bytes:
    data = small(box, name, _MOST_SMALL_BYTES)
    if len(data) != entry.bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise broken("hash")
    return data


def _licence_of(one: Installed) -> bytes:
    try:
        return (one.folder / _LICENCE).read_bytes()[:_MOST_SMALL_BYTES]
    except OSError:
        return f"{one.model.licence.title}\n".encode()


def _copy(box: zipfile.ZipFile, name: str, path: Path, check: Check) -> None:
    with path.open("rb") as source, box.open(_dateless(name), "w", force_zip64=True) as target:
        while block := source.read(1 << 20):
            check()
            target.write(block)


def _dateless(name: str) -> zipfile.ZipInfo:
    """An entry without a time: the same models make the same pack."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
