"""Which identity encoders this machine has, and how to load them by name.

Besides the built-in ones these are the recognisers among the installed models, and those of the folder that the
environment variable ``PHOTOGUARD_MODELS`` names, as its MANIFEST.toml lists them. What is kept for judging anywhere
cannot be had here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.errors import ProblemCode, UsageMistake
from photoguard.packs.description import BUILT_IN, DLIB, STUDENTS

if TYPE_CHECKING:
    from photoguard.encoders.model_folder import Recogniser
    from photoguard.encoders.protocol import IdentityEncoder
    from photoguard.packs.store import Installed

FOLDER_VARIABLE = "PHOTOGUARD_MODELS"


def installed() -> tuple[str, ...]:
    """Names of all encoders that a cloak can be worked out against, the built-in ones first.

    Raises ``Failed(MODEL_LIST_BROKEN)`` when the folder's list cannot be used.
    """
    kept = _kept_for_judging()
    return BUILT_IN + tuple(name for name, entry in _listed().items() if _may_cloak(entry, kept))


def usable() -> tuple[str, ...]:
    """The encoders that anybody may use, dlib's own first.

    Installed models under research-only or unknown terms are never among them; those of the ``PHOTOGUARD_MODELS`` folder
    are, since whoever sets that variable chose them.
    """
    from photoguard.packs.registry import registry

    clear = {licence.id for licence in registry().licences.values() if not licence.is_research_only}
    unclear = {entry.model.name for entry in _store() if entry.model.licence.id not in clear}
    return tuple(name for name in installed() if name not in unclear)


def default_set() -> tuple[str, ...]:
    """The encoders that are used when nobody names any: the usable ones but the one that is kept out to check the result,
    and but for students whose teacher is here: it does better itself, or is to check what had no part of it.
    """
    kept, superfluous = kept_out(), _students_of(_listed().values())
    return tuple(name for name in usable() if name != kept and name not in superfluous)


def kept_out() -> str | None:
    """The encoder that has no part in a cloak unless it is named, so that somebody can tell what became of it.

    The last of the usable ones besides dlib, where there are two or more: with a single one the cloak would lose more than
    the check would gain.
    """
    others = [name for name in usable() if name not in BUILT_IN]
    return others[-1] if len(others) > 1 else None


def load(names: Sequence[str] = ()) -> tuple[IdentityEncoder, ...]:
    """The encoders called ``names``, in that order; the default set when none is named.

    Raises ``UsageMistake``: UNKNOWN_MODEL for a name that is not installed, EVALUATOR_ONLY for one that is kept for
    judging; ``Failed``: MODEL_LIST_BROKEN, or why a model's file cannot be used.
    """
    chosen = tuple(dict.fromkeys(names)) or default_set()
    # what needs no folder works also where a folder's list is broken
    is_built_in = all(name in BUILT_IN for name in chosen)
    listed, kept = ({}, set()) if is_built_in else (_listed(), _kept_for_judging())
    for name in chosen:
        _check(name, listed, kept)
    return tuple(_encoder(name, listed, kept) for name in chosen)


def recognisers_here() -> tuple[Recogniser, ...]:
    """Every recogniser on this computer, of whatever role; of two with one name the folder's. Reads no model file."""
    return tuple(_listed().values())


def _all() -> tuple[Recogniser, ...]:
    """Every recogniser on this computer, of whatever role, the installed ones first."""
    from photoguard.encoders.model_folder import recognisers

    found = [one for entry in _store() if entry.model.template for one in recognisers(entry.folder)]
    if folder := os.environ.get(FOLDER_VARIABLE):
        found += recognisers(Path(folder))
    # a stranger's list cannot replace what comes with photoguard
    return tuple(one for one in found if one.name not in BUILT_IN)


def _listed() -> dict[str, Recogniser]:
    """All recognisers by name; of two with one name the folder's, which a user set up for this run, counts."""
    return {one.name: one for one in _all()}


def _store() -> tuple[Installed, ...]:
    from photoguard.packs.registry import registry
    from photoguard.packs.store import installed as installed_models
    from photoguard.packs.whereabouts import models_folder

    return installed_models(models_folder(), registry())


def _check(name: str, listed: dict[str, Recogniser], kept: set[str]) -> None:
    if name in BUILT_IN:
        return
    if name not in listed:
        raise UsageMistake(ProblemCode.UNKNOWN_MODEL, model=name)
    if not _may_cloak(listed[name], kept):
        raise UsageMistake(ProblemCode.EVALUATOR_ONLY, model=name)


def _may_cloak(entry: Recogniser, kept: set[str]) -> bool:
    from photoguard.encoders.model_folder import Role

    return entry.role is Role.SURROGATE and entry.sha256 not in kept


def _students_of(teachers: Collection[Recogniser]) -> set[str]:
    """Names of the built-in students that learnt from one of ``teachers``."""
    from photoguard.encoders.students import LAYOUTS

    return {one.name for one in LAYOUTS if any(one.learnt_from(other.name, other.sha256) for other in teachers)}


def _kept_for_judging() -> set[str]:
    """SHA-256 of all files that judge, whoever says so and under whatever name."""
    from photoguard.encoders.model_folder import Role
    from photoguard.packs.registry import registry

    judges = {one.sha256 for one in _all() if one.role is Role.EVALUATOR and one.sha256 is not None}
    return judges | registry().reserved


def _encoder(name: str, listed: dict[str, Recogniser], kept: set[str]) -> IdentityEncoder:
    if name == DLIB:
        from photoguard.encoders import dlib_resnet

        return dlib_resnet.load()
    if name in STUDENTS:
        from photoguard.encoders.students import LAYOUTS, loading

        return loading.load(next(one for one in LAYOUTS if one.name == name))
    from photoguard.encoders import model_folder, onnx_encoder

    entry = listed[name]
    data = model_folder.read_file(entry)
    if hashlib.sha256(data).hexdigest() in kept:
        raise UsageMistake(ProblemCode.EVALUATOR_ONLY, model=name)
    return onnx_encoder.read(data, entry.name, entry.chip, entry.convention)
