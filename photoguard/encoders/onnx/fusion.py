"""Merges scaling and shifting of channels into the convolution or dense layer before them, which spares passes over memory.

The result is the same up to the rounding of float32.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from photoguard.encoders.onnx.model import Graph, Node
from photoguard.encoders.onnx.tensors import Array


@dataclass(frozen=True, eq=False)
class _Affine:
    """value -> value * scale + shift along axis 1."""

    source: str
    scale: Array
    shift: Array


def fused(graph: Graph) -> Graph:
    """``graph`` with BatchNormalization, Mul, Div, Add and Sub by constants merged into the layer before them."""
    constants: dict[str, Array] = dict(graph.constants)
    uses = Counter(name for node in graph.nodes for name in node.inputs)
    uses.update(port.name for port in graph.outputs)
    nodes: list[Node | None] = []
    makers: dict[str, int] = {}
    for node in graph.nodes:
        place = next((makers[name] for name in node.inputs if name in makers and uses[name] == 1), None)
        layer = nodes[place] if place is not None else None
        merged = _merged(layer, node, constants, len(nodes)) if layer is not None else None
        if place is not None and merged is not None:
            # at the later place: what the merged node needs is known there, and nobody in between asks for it
            nodes[place] = None
        latest = merged or node
        if _is_layer(latest, constants):
            makers[latest.outputs[0]] = len(nodes)
        nodes.append(latest)
    kept = tuple(node for node in nodes if node is not None)
    used = {name for node in kept for name in node.inputs} | {port.name for port in graph.outputs}
    remaining = {name: values for name, values in constants.items() if name in used}
    return replace(graph, nodes=kept, constants=MappingProxyType(remaining))


def _is_layer(node: Node, constants: Mapping[str, Array]) -> bool:
    """A convolution or dense layer whose weights are all constants."""
    if node.operator not in {"Conv", "Gemm"} or len(node.inputs) not in {2, 3} or len(node.outputs) != 1:
        return False
    weight = constants.get(node.inputs[1])
    bias = constants.get(node.inputs[2]) if len(node.inputs) == 3 and node.inputs[2] else None
    if weight is None or weight.dtype != np.float32 or (bias is None and node.inputs[2:3] not in ((), ("",))):
        return False
    if node.operator == "Conv":
        return weight.ndim >= 3 and (bias is None or bias.shape == weight.shape[:1])
    return weight.ndim == 2 and (bias is None or bias.ndim <= 1 or bias.shape[0] == 1)


def _merged(layer: Node, node: Node, constants: dict[str, Array], number: int) -> Node | None:
    """``layer`` and ``node`` behind it as one layer; adds its weights to ``constants``. None where that is not exact."""
    weight = constants[layer.inputs[1]]
    is_gemm = layer.operator == "Gemm"
    turned = bool(layer.attributes.get("transB", 0)) if is_gemm else True
    if is_gemm and not turned:
        weight = weight.T
    outputs = weight.shape[0]
    affine = _affine(node, constants, weight.ndim, outputs)
    if affine is None or affine.source != layer.outputs[0]:
        return None
    bias = constants[layer.inputs[2]] if layer.inputs[2:3] not in ((), ("",)) else np.zeros(1, np.float32)
    gains = [layer.attributes.get(name, 1.0) if is_gemm else 1.0 for name in ("alpha", "beta")]
    if not all(isinstance(gain, (int, float)) for gain in gains):
        return None
    alpha, beta = (np.float64(gain) for gain in gains)  # type: ignore[arg-type]
    by_output = affine.scale.reshape(-1, *(1,) * (weight.ndim - 1))
    new_weight = alpha * weight.astype(np.float64) * by_output
    try:
        row = np.broadcast_to(bias.astype(np.float64).reshape(-1), (outputs,))
    except ValueError:
        return None
    new_bias = beta * row * affine.scale + affine.shift
    names = f"{layer.outputs[0]} weight {number}", f"{layer.outputs[0]} bias {number}"
    constants[names[0]] = new_weight.astype(np.float32)
    constants[names[1]] = new_bias.astype(np.float32)
    attributes = {name: value for name, value in layer.attributes.items() if name not in {"alpha", "beta"}}
    if is_gemm:
        attributes["transB"] = 1
    return Node(layer.operator, (layer.inputs[0], *names), node.outputs[:1], MappingProxyType(attributes))


def _affine(node: Node, constants: Mapping[str, Array], rank: int, channels: int) -> _Affine | None:
    if node.operator == "BatchNormalization" and len(node.inputs) == 5:
        return _batch_affine(node, constants, channels)
    if node.operator not in {"Add", "Sub", "Mul", "Div"} or len(node.inputs) != 2 or node.attributes:
        return None
    is_first = node.inputs[0] in constants
    source, name = (node.inputs[1], node.inputs[0]) if is_first else node.inputs
    row = _row(constants.get(name), rank, channels)
    if row is None or source in constants:
        return None
    one, none = np.ones(channels), np.zeros(channels)
    if node.operator == "Mul":
        return _Affine(source, row, none)
    if node.operator == "Add":
        return _Affine(source, one, row)
    if node.operator == "Sub":
        return _Affine(source, -one, row) if is_first else _Affine(source, one, -row)
    return None if is_first or not row.all() else _Affine(source, 1 / row, none)


def _batch_affine(node: Node, constants: Mapping[str, Array], channels: int) -> _Affine | None:
    parts = [constants.get(name) for name in node.inputs[1:]]
    if any(part is None or part.shape != (channels,) for part in parts) or node.attributes.get("training_mode", 0):
        return None
    gain, shift, mean, variance = (np.asarray(part, np.float64) for part in parts)
    epsilon = node.attributes.get("epsilon", 1e-5)
    if not isinstance(epsilon, (int, float)) or not (variance + epsilon > 0).all():
        return None
    scale = gain / np.sqrt(variance + epsilon)
    return _Affine(node.inputs[0], scale, shift - mean * scale)


def _row(values: Array | None, rank: int, channels: int) -> Array | None:
    """A constant that broadcasts along axis 1 only, as one number per channel."""
    if values is None or values.dtype != np.float32 or values.ndim > rank:
        return None
    whole = values.reshape((1,) * (rank - values.ndim) + values.shape)
    if any(side != 1 for axis, side in enumerate(whole.shape) if axis != 1) or whole.shape[1] not in {1, channels}:
        return None
    return np.broadcast_to(whole.reshape(-1).astype(np.float64), (channels,))
