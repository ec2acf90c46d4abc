"""Recognisers that measure what a cloak does to them, and never take part in one.

Apart from :mod:`photoguard.encoders.installed` so that no name on a command line can turn a judge into a surrogate.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.encoders import model_folder, onnx_encoder
from photoguard.encoders.model_folder import Recogniser, Role

if TYPE_CHECKING:
    from photoguard.encoders.onnx_encoder import OnnxEncoder


def judges(folder: Path) -> tuple[Recogniser, ...]:
    """The evaluators that the list in ``folder`` names, with their thresholds. Raises ``Failed(MODEL_LIST_BROKEN)``."""
    return tuple(entry for entry in model_folder.recognisers(folder) if entry.role is Role.EVALUATOR)


def load(judge: Recogniser) -> OnnxEncoder:
    """The recogniser of ``judge``, ready to embed. Raises ``Failed`` where its file cannot be used."""
    return onnx_encoder.read(model_folder.read_file(judge), judge.name, judge.chip, judge.convention)
