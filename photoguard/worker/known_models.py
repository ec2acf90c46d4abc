"""The models on this machine as the window lists them, and what they are enough for. Loads none of them."""

from __future__ import annotations

import os
from pathlib import Path

from photoguard import latents
from photoguard.encoders import BUILT_IN
from photoguard.encoders.installed import FOLDER_VARIABLE
from photoguard.models import overview
from photoguard.packs.description import DLIB, STUDENTS
from photoguard.worker.messages import ModelLine, ModelsListed

_LICENCES = {DLIB: "CC0-1.0"} | dict.fromkeys(STUDENTS, "Apache-2.0")
"""Of what comes with photoguard (NOTICE.md)."""


def models_listed(ticket: int) -> ModelsListed:
    """The answer to whoever asks for the models. Raises as :func:`known_models`."""
    return ModelsListed(ticket, known_models(), can_shield=latents.is_ready())


def known_models() -> tuple[ModelLine, ...]:
    """The built-in ones first, then the installed ones, then those of the folder that ``PHOTOGUARD_MODELS`` names.

    Raises ``Failed(MODEL_LIST_BROKEN)`` when that folder's list cannot be used.
    """
    lines = [ModelLine(name, "surrogate", _LICENCES[name], is_built_in=True) for name in BUILT_IN]
    lines += [
        ModelLine(one.name, one.purpose, one.licence.title, is_built_in=False, size_bytes=one.bytes)
        for one in (entry.model for entry in overview().installed)
    ]
    if folder := os.environ.get(FOLDER_VARIABLE):
        from photoguard.encoders.model_folder import recognisers

        lines += [
            ModelLine(entry.name, entry.role, "", is_built_in=False, size_bytes=entry.bytes_stated or 0)
            for entry in recognisers(Path(folder))
        ]
    return tuple(lines)
