"""Which identity encoders this machine has, and how to load them by name.

Besides the built-in one these are the recognisers of the folder that the environment variable ``PHOTOGUARD_MODELS``
names, as its MANIFEST.toml lists them. What that list keeps for judging cannot be had here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.errors import ProblemCode, UsageMistake

if TYPE_CHECKING:
    from photoguard.encoders.model_folder import Recogniser
    from photoguard.encoders.protocol import IdentityEncoder

BUILT_IN = ("dlib",)
"""Encoders that work right after installation, without a network."""
FOLDER_VARIABLE = "PHOTOGUARD_MODELS"


def installed() -> tuple[str, ...]:
    """Names of all encoders that a cloak can be worked out against, the built-in ones first.

    Raises ``Failed(MODEL_LIST_BROKEN)`` when the folder's list cannot be used.
    """
    from photoguard.encoders.model_folder import Role

    return BUILT_IN + tuple(entry.name for entry in _listed() if entry.role is Role.SURROGATE)


def load(names: Sequence[str] = ()) -> tuple[IdentityEncoder, ...]:
    """The encoders called ``names``, in that order; all that are installed when none is named.

    Raises ``UsageMistake``: UNKNOWN_MODEL for a name that is not installed, EVALUATOR_ONLY for one that is kept for
    judging; ``Failed``: MODEL_LIST_BROKEN, or why a model's file cannot be used.
    """
    chosen = tuple(dict.fromkeys(names)) or installed()
    listed = {entry.name: entry for entry in _listed()} if any(name not in BUILT_IN for name in chosen) else {}
    for name in chosen:
        _check(name, listed)
    return tuple(_encoder(name, listed) for name in chosen)


def _listed() -> tuple[Recogniser, ...]:
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return ()
    from photoguard.encoders.model_folder import recognisers

    # a stranger's list cannot replace what comes with photoguard
    return tuple(entry for entry in recognisers(Path(folder)) if entry.name not in BUILT_IN)


def _check(name: str, listed: dict[str, Recogniser]) -> None:
    from photoguard.encoders.model_folder import Role

    if name in BUILT_IN:
        return
    if name not in listed:
        raise UsageMistake(ProblemCode.UNKNOWN_MODEL, model=name)
    if listed[name].role is not Role.SURROGATE:
        raise UsageMistake(ProblemCode.EVALUATOR_ONLY, model=name)


def _encoder(name: str, listed: dict[str, Recogniser]) -> IdentityEncoder:
    if name in BUILT_IN:
        from photoguard.encoders import dlib_resnet

        return dlib_resnet.load()
    from photoguard.encoders import model_folder, onnx_encoder

    entry = listed[name]
    return onnx_encoder.read(model_folder.read_file(entry), entry.name, entry.chip, entry.convention)
