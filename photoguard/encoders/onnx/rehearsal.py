"""Walks a picture's shape through a graph before any picture goes."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from photoguard.encoders.onnx.call import Argument, Ledger, compiled
from photoguard.encoders.onnx.model import Graph
from photoguard.encoders.onnx.operators.operator import tensor_of
from photoguard.encoders.onnx.tensors import Array

_SMALL = 1 << 12
"""Constants up to this many numbers may tell shapes; of larger ones only the shape matters here."""


def rehearsed(graph: Graph, entry: tuple[int, ...]) -> Mapping[str, tuple[int, ...]]:
    """Shapes of all values when the input has the shape ``entry``; nothing large is allocated or computed.

    Raises ``Unusable`` where a node cannot work with what it gets, or where the whole takes beyond reason.
    """
    values: dict[str, Argument] = {name: _shadow(constant) for name, constant in graph.constants.items()}
    values[graph.inputs[0].name] = torch.empty(entry, device="meta")
    ledger = Ledger()
    for node in graph.nodes:
        call = compiled(node, graph.opset)
        made = call.rehearsed([values[name] if name else None for name in node.inputs], ledger)
        values |= {name: value for name, value in zip(node.outputs, made, strict=False) if name}
    return {name: tuple(value.shape) for name, value in values.items() if isinstance(value, torch.Tensor)}


def _shadow(constant: Array) -> torch.Tensor:
    if constant.size <= _SMALL:
        return tensor_of(constant)
    return torch.empty(constant.shape, device="meta", dtype=torch.from_numpy(constant[:0].copy()).dtype)
