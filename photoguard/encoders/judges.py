"""Recognisers that measure what a cloak does to them, and never take part in one.

Apart from :mod:`photoguard.encoders.installed` so that no name on a command line can turn a judge into a surrogate.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.encoders import dlib_resnet, model_folder, onnx_encoder
from photoguard.encoders.installed import recognisers_here, usable
from photoguard.encoders.model_folder import Recogniser, Role
from photoguard.encoders.students import LAYOUTS, Layout
from photoguard.errors import PhotoguardError
from photoguard.packs.description import DLIB

if TYPE_CHECKING:
    from photoguard.encoders.onnx_encoder import OnnxEncoder
    from photoguard.encoders.protocol import IdentityEncoder


def judges(folder: Path) -> tuple[Recogniser, ...]:
    """The evaluators that the list in ``folder`` names, with their thresholds. Raises ``Failed(MODEL_LIST_BROKEN)``."""
    return tuple(entry for entry in model_folder.recognisers(folder) if entry.role is Role.EVALUATOR)


def independent(taking_part: Sequence[str]) -> tuple[IdentityEncoder, ...]:
    """Every recogniser on this computer that can tell what became of a cloak made with those called ``taking_part``.

    These are the ones kept for checking, and those that anybody may use and that had no part, under whatever name, neither
    themselves nor through a student of theirs; students never judge. dlib's own is no judge by itself: of faces that two
    held-out recognisers still knew (84 of 100) it saw 47. One whose file cannot be used is passed over: fewer judges are
    said to be fewer.
    """
    every = {one.name: one for one in recognisers_here()}
    partners = [every[name] for name in taking_part if name in every]
    taught = [one for one in LAYOUTS if one.name in taking_part]
    may_judge = {DLIB, *usable(), *(one.name for one in every.values() if one.role is Role.EVALUATOR)}
    found: list[IdentityEncoder] = []
    for name in (DLIB, *every):
        if name in taking_part or name not in may_judge:
            continue
        with suppress(PhotoguardError):
            if name == DLIB:
                found.append(dlib_resnet.load())
            elif not _had_part(every[name], partners, taught):
                found.append(load(every[name]))
    return tuple(found) if any(one.name != DLIB for one in found) else ()


def _had_part(judge: Recogniser, partners: Sequence[Recogniser], taught: Sequence[Layout]) -> bool:
    """Whether ``judge`` took part in a cloak, itself or through a student that learnt from it."""
    if any(model_folder.is_same(judge, partner) for partner in partners):
        return True
    return any(student.learnt_from(judge.name, judge.sha256) for student in taught)


def load(judge: Recogniser) -> OnnxEncoder:
    """The recogniser of ``judge``, ready to embed. Raises ``Failed`` where its file cannot be used."""
    return onnx_encoder.read(model_folder.read_file(judge), judge.name, judge.chip, judge.convention)
