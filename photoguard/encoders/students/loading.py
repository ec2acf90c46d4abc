"""Reads a student from the file that comes with photoguard."""

from __future__ import annotations

import numpy as np
import torch

from photoguard.encoders.students.layout import Layout
from photoguard.encoders.students.network import Network, Running, Student
from photoguard.errors import Failed, ProblemCode
from photoguard.packs.tensors import tensors
from photoguard.places import asset


def load(layout: Layout) -> Student:
    """The student laid out so, ready to embed, on the CPU.

    Raises ``Failed``: MODEL_UNREADABLE where its file was not brought along, MODEL_MALFORMED or MODEL_BROKEN where it is not
    that student's.
    """
    path = asset("students", f"{layout.name}.safetensors")
    if path is None:
        raise Failed(ProblemCode.MODEL_UNREADABLE, model=layout.name)
    return read(path.read_bytes(), layout)


def read(data: bytes, layout: Layout) -> Student:
    """The student in the safetensors file ``data``. Raises ``Failed``: MODEL_MALFORMED, MODEL_BROKEN."""
    with torch.device("meta"):
        network = Network(layout, Running())
    stated = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    found = tensors(data, layout.name)
    if {name: array.shape for name, array in found.items()} != stated:
        raise Failed(ProblemCode.MODEL_BROKEN, model=layout.name)
    weights = {name: torch.from_numpy(array.astype(np.float32)) for name, array in found.items()}
    network.load_state_dict(weights, assign=True)
    return Student(layout, network)
