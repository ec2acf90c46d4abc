"""The models that photoguard knows by name and hash (registry.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from photoguard.packs.description import DIGEST, NAME, Licence, Model, Purpose


@dataclass(frozen=True)
class Archive:
    """A zip file that holds models."""

    name: str
    sha256: str
    bytes: int
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """A model and where its file is published."""

    model: Model
    is_core: bool
    """Part of the set that anybody may use, small enough for any computer."""
    origins: tuple[str, ...]
    """In the order in which they are asked; empty for a file out of ``archive``."""
    archive: Archive | None
    adds: Mapping[str, str]
    """What it brings, by language."""


@dataclass(frozen=True)
class Registry:
    """All that is offered, and which files are kept for judging."""

    offers: tuple[Offer, ...]
    licences: Mapping[str, Licence]
    reserved: frozenset[str]
    """SHA-256 of files that may judge a cloak and so never take part in one."""

    def named(self, name: str) -> Offer | None:
        return next((offer for offer in self.offers if offer.model.name == name), None)

    def by_hash(self, sha256: str) -> Offer | None:
        return next((offer for offer in self.offers if offer.model.sha256 == sha256), None)

    def licence(self, id_or_text: str) -> Licence:
        """The licence of that name. Anything else counts as research-only, since nobody has read it for the user.

        A text that begins with a known name, as ``MIT (author/project)``, is that licence.
        """
        first = id_or_text.split(maxsplit=1)[0] if id_or_text.split() else ""
        known = self.licences.get(id_or_text) or self.licences.get(first)
        return known or Licence(id_or_text or "unknown", id_or_text, is_research_only=True)


@cache
def registry() -> Registry:
    """The registry that comes with this version."""
    return read((Path(__file__).parent / "registry.toml").read_text(encoding="utf-8"))


def read(text: str) -> Registry:
    """The registry in ``text``; raises ``ValueError`` for any row that is incomplete, unclear or double."""
    content = tomllib.loads(text)
    licences = {row["id"]: Licence(**row) for row in content.get("licence", [])}
    archives = {row["name"]: _archive(row) for row in content.get("archive", [])}
    offers = tuple(_offer(row, licences, archives) for row in content.get("model", []))
    reserved = frozenset(_digest(row["sha256"]) for row in content.get("reserved", []))
    for what in ([o.model.name for o in offers], [o.model.sha256 for o in offers]):
        if len(set(what)) != len(what):
            raise ValueError("double")
    if any(o.model.sha256 in reserved and o.model.purpose is not Purpose.EVALUATOR for o in offers):
        raise ValueError("reserved")
    judges = {o.model.sha256 for o in offers if o.model.purpose is Purpose.EVALUATOR}
    return Registry(offers, MappingProxyType(licences), reserved | judges)


def _archive(row: Mapping[str, Any]) -> Archive:
    return Archive(row["name"], _digest(row["sha256"]), _size(row["bytes"]), _origins(row["origins"]))


def _offer(row: Mapping[str, Any], licences: Mapping[str, Licence], archives: Mapping[str, Archive]) -> Offer:
    unknown = set(row) - _KEYS
    if unknown or not NAME.fullmatch(row["name"]) or not NAME.fullmatch(row["file"]) or row["licence"] not in licences:
        raise ValueError(row["name"])
    licence = licences[row["licence"]]
    archive = archives[row["archive"]] if "archive" in row else None
    origins = _origins(row.get("origins", []))
    is_core = bool(row["is_core"])
    if bool(origins) == (archive is not None) or (is_core and licence.is_research_only):
        raise ValueError(row["name"])
    model = Model(
        row["name"],
        Purpose(row["purpose"]),
        row["file"],
        _digest(row["sha256"]),
        _size(row["bytes"]),
        licence,
        row.get("author", ""),
        row.get("family", ""),
        row.get("template", ""),
        row.get("input", ""),
        MappingProxyType({key: float(value) for key, value in row.get("thresholds", {}).items()}),
    )
    return Offer(model, is_core, origins, archive, MappingProxyType(dict(row["adds"])))


_KEYS = set(
    "name purpose file sha256 bytes licence author is_core family template input thresholds origins archive adds".split()
)


def _digest(value: object) -> str:
    """A SHA-256 in full: lists with 63 digits are about."""
    if not isinstance(value, str) or not DIGEST.fullmatch(value):
        raise ValueError(value)
    return value


def _size(value: object) -> int:
    if not isinstance(value, int) or value <= 0:
        raise ValueError(value)
    return value


def _origins(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) and v.startswith("https://") for v in values):
        raise ValueError(values)
    return tuple(values)
