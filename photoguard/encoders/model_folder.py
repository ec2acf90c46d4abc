"""A folder of recognisers with a list, MANIFEST.toml, that says what each file is and what it may be used for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoguard.encoders.input_convention import InputConvention, parse
from photoguard.encoders.protocol import ChipInput
from photoguard.packs import manifest
from photoguard.packs.manifest import broken
from photoguard.packs.reading import read_checked

SIDES = {"arcface112": 112, "omz128": 128}
"""Templates for five landmarks that chips can be cut by, and the sides of these chips in pixels."""


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
    content = manifest.read(folder)
    tables = content["model"]
    _check_templates(content.get("templates", {}))
    found = tuple(_recogniser(folder, table) for table in tables if table.get("role") in {*Role})
    names = [entry.name for entry in found]
    if len(set(names)) != len(names):
        raise broken("name")
    kept = [entry for entry in found if entry.role is Role.EVALUATOR]
    for entry in found:
        if entry.role is Role.SURROGATE and any(is_same(entry, other) for other in kept):
            raise broken("role")
    return found


def read_file(entry: Recogniser) -> bytes:
    """The recogniser's file, the very bytes that the list describes.

    Raises ``Failed``: MODEL_UNREADABLE, MODEL_TOO_LARGE, MODEL_CHANGED.
    """
    return read_checked(entry.path, entry.name, entry.sha256, entry.bytes_stated)


def described(table: Mapping[str, Any]) -> tuple[ChipInput, InputConvention]:
    """The chip and the convention that a table of the list asks for. Raises ``Failed(MODEL_LIST_BROKEN)``."""
    name = manifest.name_of(table)
    template = table.get("template")
    if template not in SIDES:
        raise broken(f"{name}: template")
    try:
        convention = parse(table["input"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise broken(f"{name}: input") from error
    if convention.size not in {None, SIDES[template]}:
        raise broken(f"{name}: input")
    return ChipInput(template, SIDES[template]), convention


def _recogniser(folder: Path, table: Mapping[str, Any]) -> Recogniser:
    name = manifest.name_of(table)
    chip, convention = described(table)
    return Recogniser(
        name,
        manifest.path_of(table, folder, name),
        Role(table["role"]),
        chip,
        convention,
        manifest.digest_of(table, name),
        manifest.length_of(table, name),
        manifest.thresholds_of(table, name),
    )


def _check_templates(table: object) -> None:
    """A list that means something else by a template's name would silently misalign every chip."""
    from photoguard.faces.alignment import five_points

    if not isinstance(table, dict):
        raise broken("templates")
    for name, points in table.items():
        if name not in SIDES:
            continue
        try:
            stated = [float(number) for point in points for number in point]
        except (TypeError, ValueError) as error:
            raise broken("templates") from error
        ours = [number for point in five_points(name) for number in point]
        if len(stated) != len(ours) or any(abs(a - b) > 0.01 for a, b in zip(stated, ours, strict=True)):
            raise broken("templates")


def is_same(one: Recogniser, other: Recogniser) -> bool:
    """Whether both are one file, whatever they are called."""
    if one.sha256 is not None and one.sha256 == other.sha256:
        return True
    return one.path.resolve() == other.path.resolve()
