"""Finds out what a file is that somebody brought along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from photoguard.errors import Failed, PhotoguardError, ProblemCode
from photoguard.packs import manifest
from photoguard.packs.description import NAME, Licence, Model, Purpose
from photoguard.packs.registry import Registry


@dataclass(frozen=True)
class Claim:
    """What the user says about the file; empty for what is left to the registry or a list."""

    name: str = ""
    purpose: Purpose | None = None
    template: str = ""
    input: str = ""
    licence: str = ""


def identified(path: Path, sha256: str, size: int, claim: Claim, known: Registry) -> Model:
    """What the file at ``path`` is: by the registry, by a MANIFEST.toml beside it or one folder up, or by ``claim``.

    A claim can rename a file, and make a judge of what is known as a surrogate; it cannot contradict what is known
    otherwise. Raises ``Failed``: MODEL_RESERVED for a judge's file that is claimed or listed for anything else,
    MODEL_UNDESCRIBED, MODEL_CHANGED, MODEL_LIST_BROKEN.
    """
    listed = _listed(path, sha256, size, known)
    offer = known.by_hash(sha256)
    model = offer.model if offer is not None else listed or _claimed(path, sha256, size, claim, known)
    is_judge = sha256 in known.reserved or (listed is not None and listed.purpose is Purpose.EVALUATOR)
    purpose = claim.purpose or (Purpose.EVALUATOR if is_judge else model.purpose)
    if is_judge and purpose is not Purpose.EVALUATOR:
        raise Failed(ProblemCode.MODEL_RESERVED, model=model.name)
    if purpose not in {model.purpose, Purpose.EVALUATOR} or (purpose is Purpose.EVALUATOR and not model.template):
        raise Failed(ProblemCode.MODEL_UNDESCRIBED, model=model.name)
    return replace(model, name=_name(claim.name) if claim.name else model.name, purpose=purpose)


def _listed(path: Path, sha256: str, size: int, known: Registry) -> Model | None:
    """What the nearest list says that names this very file, or its hash. A judge's entry goes before all others."""
    for folder in (path.parent, path.parent.parent):
        if not (folder / manifest.LIST).is_file():
            continue
        tables = manifest.read(folder)["model"]
        fitting = [table for table in tables if table.get("sha256") == sha256 or _is_file(table, folder, path)]
        if fitting:
            fitting.sort(key=lambda table: table.get("role") != Purpose.EVALUATOR.value)
            model = manifest.model_of(fitting[0], path.name, sha256, size, known)
            # a file name of its own may hold anything; the store wants a plain one
            return replace(model, file=_file(path, model.name))
    return None


def _is_file(table: Mapping[str, Any], folder: Path, path: Path) -> bool:
    try:
        return manifest.path_of(table, folder, "").resolve() == path.resolve()
    except PhotoguardError:
        return False


def _claimed(path: Path, sha256: str, size: int, claim: Claim, known: Registry) -> Model:
    name = _name(claim.name or path.stem)
    purpose = claim.purpose
    is_recogniser = purpose in {Purpose.SURROGATE, Purpose.EVALUATOR}
    if purpose is None or (is_recogniser and not (claim.template and claim.input)):
        raise Failed(ProblemCode.MODEL_UNDESCRIBED, model=name)
    # what somebody brings for their own use needs no licence from us: it is theirs to know
    licence = known.licence(claim.licence) if claim.licence else Licence("own", "brought along by the user")
    return Model(
        name,
        purpose,
        _file(path, name),
        sha256,
        size,
        licence,
        template=claim.template,
        input=claim.input,
    )


def _name(wanted: str) -> str:
    """``wanted`` with everything that a name cannot hold left out."""
    plain = "".join(char for char in wanted if char.isascii() and (char.isalnum() or char in "._-")).lstrip("._-")[:64]
    if not NAME.fullmatch(plain):
        raise Failed(ProblemCode.MODEL_UNDESCRIBED, model=plain or "?")
    return plain


def _file(path: Path, name: str) -> str:
    suffix = path.suffix.lower()
    return f"{name}{suffix}" if suffix[1:].isalnum() and suffix.isascii() else name
