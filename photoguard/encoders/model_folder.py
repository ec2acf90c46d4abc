"""A folder of recognisers with a list, MANIFEST.toml, that says what each file is and what it may be used for."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from photoguard.encoders.input_convention import InputConvention, parse
from photoguard.encoders.protocol import ChipInput
from photoguard.errors import Failed, ProblemCode

LIST = "MANIFEST.toml"
SIDES = {"arcface112": 112, "omz128": 128}
"""Templates for five landmarks that chips can be cut by, and the sides of these chips in pixels."""

_MOST_LIST_BYTES = 1 << 20
_MOST_MODEL_BYTES = 1 << 30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class Role(StrEnum):
    """What a recogniser may be used for; the two exclude each other."""

    SURROGATE = "surrogate"
    """Takes part in the objective of the cloak."""
    EVALUATOR = "evaluator"
    """Judges the result, and never has part in anything that made it."""


@dataclass(frozen=True)
class Recogniser:
    """One recogniser of the list."""

    name: str
    path: Path
    role: Role
    chip: ChipInput
    convention: InputConvention
    sha256: str | None
    """Of the file; None where the list does not say."""
    bytes_stated: int | None
    thresholds: Mapping[str, float]
    """Cosines above which impostors pass at a rate, as ``far1e-3``."""


def recognisers(folder: Path) -> tuple[Recogniser, ...]:
    """The surrogates and evaluators that the list in ``folder`` names, in its order; other models are passed over.

    Reads no model file. Raises ``Failed(MODEL_LIST_BROKEN)`` where any entry is not understood or contradicts another:
    a file that one entry keeps for judging must not be another's surrogate.
    """
    try:
        path = folder / LIST
        if path.stat().st_size > _MOST_LIST_BYTES:
            raise _broken("size")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken("no file") from error
    except (ValueError, RecursionError) as error:
        raise _broken("not TOML") from error
    tables = content.get("model", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _broken("model")
    _check_templates(content.get("templates", {}))
    found = tuple(_recogniser(folder, table) for table in tables if table.get("role") in {*Role})
    names = [entry.name for entry in found]
    if len(set(names)) != len(names):
        raise _broken("name")
    kept = [entry for entry in found if entry.role is Role.EVALUATOR]
    for entry in found:
        if entry.role is Role.SURROGATE and any(_is_same(entry, other) for other in kept):
            raise _broken("role")
    return found


def read_file(entry: Recogniser) -> bytes:
    """The recogniser's file, the very bytes that the list describes.

    Raises ``Failed``: MODEL_UNREADABLE, MODEL_TOO_LARGE, MODEL_CHANGED.
    """
    try:
        with entry.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > _MOST_MODEL_BYTES:
                raise Failed(
                    ProblemCode.MODEL_TOO_LARGE, model=entry.name, what="bytes", count=size, limit=_MOST_MODEL_BYTES
                )
            data = file.read(_MOST_MODEL_BYTES + 1)
    except OSError as error:
        raise Failed(ProblemCode.MODEL_UNREADABLE, model=entry.name) from error
    is_as_long = entry.bytes_stated in {None, len(data)}
    if not is_as_long or (entry.sha256 is not None and hashlib.sha256(data).hexdigest() != entry.sha256):
        raise Failed(ProblemCode.MODEL_CHANGED, model=entry.name)
    return data


def _broken(place: str) -> Failed:
    return Failed(ProblemCode.MODEL_LIST_BROKEN, place=place)


def _recogniser(folder: Path, table: Mapping[str, Any]) -> Recogniser:
    name = table.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _broken("name")
    template = table.get("template")
    if template not in SIDES:
        raise _broken(f"{name}: template")
    try:
        convention = parse(table["input"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise _broken(f"{name}: input") from error
    if convention.size not in {None, SIDES[template]}:
        raise _broken(f"{name}: input")
    digest = table.get("sha256")
    if digest is not None and (not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{64}", digest)):
        raise _broken(f"{name}: sha256")
    length = table.get("bytes")
    if length is not None and not isinstance(length, int):
        raise _broken(f"{name}: bytes")
    return Recogniser(
        name,
        _inside(folder, table.get("file"), name),
        Role(table["role"]),
        ChipInput(template, SIDES[template]),
        convention,
        digest,
        length,
        _thresholds(table.get("thresholds", {}), name),
    )


def _inside(folder: Path, file: object, name: str) -> Path:
    """The path of ``file``, which must not lead out of the folder."""
    if not isinstance(file, str) or not file or "\\" in file or "\0" in file or ":" in file:
        raise _broken(f"{name}: file")
    steps = PurePosixPath(file)
    if steps.is_absolute() or ".." in steps.parts:
        raise _broken(f"{name}: file")
    return folder.joinpath(*steps.parts)


def _thresholds(table: object, name: str) -> Mapping[str, float]:
    if not isinstance(table, dict) or not all(isinstance(value, (int, float)) for value in table.values()):
        raise _broken(f"{name}: thresholds")
    return {key: float(value) for key, value in table.items()}


def _check_templates(table: object) -> None:
    """A list that means something else by a template's name would silently misalign every chip."""
    from photoguard.faces.alignment import five_points

    if not isinstance(table, dict):
        raise _broken("templates")
    for name, points in table.items():
        if name not in SIDES:
            continue
        try:
            stated = [float(number) for point in points for number in point]
        except (TypeError, ValueError) as error:
            raise _broken("templates") from error
        ours = [number for point in five_points(name) for number in point]
        if len(stated) != len(ours) or any(abs(a - b) > 0.01 for a, b in zip(stated, ours, strict=True)):
            raise _broken("templates")


def _is_same(one: Recogniser, other: Recogniser) -> bool:
    if one.sha256 is not None and one.sha256 == other.sha256:
        return True
    return one.path.resolve() == other.path.resolve()
