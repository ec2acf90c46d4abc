"""Works out beforehand what does not depend on the picture, and drops what nobody needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import torch

from photoguard.encoders.onnx.call import Argument, Ledger, compiled
from photoguard.encoders.onnx.model import Graph, Node
from photoguard.encoders.onnx.operators.operator import tensor_of
from photoguard.encoders.onnx.tensors import Array
from photoguard.encoders.onnx.unusable import malformed

_COPIES = frozenset({"Identity", "Dropout"})


def folded(graph: Graph, output: str) -> Graph:
    """``graph`` with constants worked out, copies bypassed, and only what ``output`` needs; it gives the same values.

    Raises ``Unusable`` for unknown operators, values that nobody makes, or values made twice.
    """
    graph = _needed(graph, output)
    constants: dict[str, Array] = dict(graph.constants)
    names: dict[str, str] = {}
    nodes: list[Node] = []
    ledger = Ledger()
    for original in graph.nodes:
        node = replace(original, inputs=tuple(names.get(name, name) for name in original.inputs))
        call = compiled(node, graph.opset)
        if node.operator in _COPIES and node.inputs and node.outputs and _may_copy(node, constants):
            names[node.outputs[0]] = node.inputs[0]
        elif all(name in constants for name in node.inputs if name):
            arguments: list[Argument] = [tensor_of(constants[name]) if name else None for name in node.inputs]
            made = call.rehearsed(arguments, ledger)
            constants |= {name: value.detach().numpy() for name, value in zip(node.outputs, made, strict=False) if name}
        else:
            nodes.append(node)
    outputs = tuple(replace(port, name=names.get(port.name, port.name)) for port in graph.outputs)
    kept = replace(graph, nodes=tuple(nodes), constants=MappingProxyType(constants), outputs=outputs)
    return _needed(kept, names.get(output, output))


def _may_copy(node: Node, constants: Mapping[str, Array]) -> bool:
    """Whether a Dropout says itself that it trains; then its operator has the word."""
    return len(node.inputs) < 3 or not node.inputs[2] or not constants.get(node.inputs[2], torch.ones(1).numpy()).any()


def _needed(graph: Graph, output: str) -> Graph:
    """``graph`` without what ``output`` does not depend on, checked for order and completeness."""
    wanted = {output}
    nodes: list[Node] = []
    for node in reversed(graph.nodes):
        if wanted.intersection(filter(None, node.outputs)):
            nodes.append(node)
            wanted.update(filter(None, node.inputs))
    nodes.reverse()
    known = {port.name for port in graph.inputs} | set(graph.constants)
    for node in nodes:
        if not known.issuperset(filter(None, node.inputs)):
            raise malformed("order")
        made = [name for name in node.outputs if name]
        if len(set(made)) != len(made) or known.intersection(made):
            raise malformed("names")
        known.update(made)
    if output not in known:
        raise malformed("output")
    constants = {name: values for name, values in graph.constants.items() if name in wanted}
    ports = tuple(port for port in graph.outputs if port.name == output)
    return replace(graph, nodes=tuple(nodes), constants=MappingProxyType(constants), outputs=ports)
