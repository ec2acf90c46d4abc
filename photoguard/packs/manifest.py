"""MANIFEST.toml: the list beside model files that says what each of them is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from photoguard.errors import Failed, ProblemCode
from photoguard.packs.description import DIGEST, NAME, Model, Purpose
from photoguard.packs.registry import Registry

LIST = "MANIFEST.toml"
_MOST_BYTES = 1 << 20


def read(folder: Path) -> Mapping[str, Any]:
    """The content of the list in ``folder``, with ``model`` as a list of tables. Raises ``Failed(MODEL_LIST_BROKEN)``."""
    try:
        path = folder / LIST
        if path.stat().st_size > _MOST_BYTES:
            raise broken("size")
        data = path.read_bytes()
    except OSError as error:
        raise broken("no file") from error
    return parse(data)


def parse(data: bytes) -> Mapping[str, Any]:
    """As :func:`read`, from bytes."""
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise broken("not TOML") from error
    tables = content.setdefault("model", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise broken("model")
    return content


def broken(place: str) -> Failed:
    return Failed(ProblemCode.MODEL_LIST_BROKEN, place=place)


def name_of(table: Mapping[str, Any]) -> str:
    name = table.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise broken("name")
    return name


def digest_of(table: Mapping[str, Any], name: str) -> str | None:
    digest = table.get("sha256")
    if digest is not None and (not isinstance(digest, str) or not DIGEST.fullmatch(digest)):
        raise broken(f"{name}: sha256")
    return digest


def length_of(table: Mapping[str, Any], name: str) -> int | None:
    length = table.get("bytes")
    if length is not None and not isinstance(length, int):
        raise broken(f"{name}: bytes")
    return length


def path_of(table: Mapping[str, Any], folder: Path, name: str) -> Path:
    """Where the table's ``file`` lies; it must not lead out of ``folder``."""
    file = table.get("file")
    if not isinstance(file, str) or not file or "\\" in file or "\0" in file or ":" in file:
        raise broken(f"{name}: file")
    steps = PurePosixPath(file)
    if steps.is_absolute() or ".." in steps.parts:
        raise broken(f"{name}: file")
    return folder.joinpath(*steps.parts)


def thresholds_of(table: Mapping[str, Any], name: str) -> Mapping[str, float]:
    """Cosines above which impostors pass at a rate, as ``far1e-3``."""
    values = table.get("thresholds", {})
    if not isinstance(values, dict) or not all(isinstance(value, (int, float)) for value in values.values()):
        raise broken(f"{name}: thresholds")
    return MappingProxyType({key: float(value) for key, value in values.items()})


def model_of(table: Mapping[str, Any], file: str, sha256: str, size: int, known: Registry) -> Model:
    """The model that ``table`` describes, for a file whose hash and size were measured.

    Raises ``Failed(MODEL_LIST_BROKEN)``, or MODEL_CHANGED where the list states another hash or size.
    """
    name = name_of(table)
    try:
        purpose = Purpose(str(table.get("role")))
    except ValueError as error:
        raise broken(f"{name}: role") from error
    if digest_of(table, name) not in {None, sha256} or length_of(table, name) not in {None, size}:
        raise Failed(ProblemCode.MODEL_CHANGED, model=name)
    texts = {key: _text(table, key, name) for key in ("licence", "author", "family", "template", "input", "made_from")}
    return Model(
        name,
        purpose,
        file,
        sha256,
        size,
        known.licence(texts["licence"]),
        texts["author"],
        texts["family"],
        texts["template"],
        texts["input"],
        thresholds_of(table, name),
        texts["made_from"],
    )


def written(models: Sequence[Model]) -> bytes:
    """A list that describes ``models``; :func:`model_of` reads it back."""
    lines = []
    for model in models:
        fields: dict[str, object] = {
            "name": model.name,
            "file": model.file,
            "role": model.purpose.value,
            "sha256": model.sha256,
            "bytes": model.bytes,
            "licence": model.licence.id,
            "author": model.author,
            "family": model.family,
            "template": model.template,
            "input": model.input,
            "made_from": model.made_from,
        }
        lines += ["[[model]]", *(f"{key} = {_toml(value)}" for key, value in fields.items() if value != "")]
        if model.thresholds:
            values = ", ".join(f"{_toml(key)} = {float(value)!r}" for key, value in model.thresholds.items())
            lines.append(f"thresholds = {{ {values} }}")
        lines.append("")
    return "\n".join(lines).encode()


def _toml(value: object) -> str:
    """A basic string as TOML writes it: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(table: Mapping[str, Any], key: str, name: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or len(value) > 1000:
        raise broken(f"{name}: {key}")
    return value
