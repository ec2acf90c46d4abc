"""Frees a graph that was exported for one picture, so that it takes several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from photoguard.encoders.onnx.model import Graph, Node
from photoguard.encoders.onnx.tensors import Array


def freed(graph: Graph, shapes: Mapping[str, tuple[int, ...]]) -> Graph:
    """``graph`` with a leading 1 in the targets of Reshape replaced by "as many as came in".

    ``shapes``: of all values when one picture goes through. The result is the same for one picture. Whether it is right
    for several must be tried out: the first axis need not be the batch.
    """
    constants: dict[str, Array] = dict(graph.constants)
    nodes: list[Node] = []
    for number, node in enumerate(graph.nodes):
        if node.operator == "Reshape" and len(node.inputs) == 2 and node.inputs[1] in graph.constants:
            sides = graph.constants[node.inputs[1]]
            source = shapes.get(node.inputs[0], ())
            is_literal = bool(node.attributes.get("allowzero", 0)) and not sides.all()
            if sides.ndim == 1 and sides.size and sides[0] == 1 and source[:1] == (1,) and not is_literal:
                name = f"{node.outputs[0]} sides {number}"
                constants[name] = sides.copy()
                constants[name][0] = 0
                attributes = {key: value for key, value in node.attributes.items() if key != "allowzero"}
                nodes.append(replace(node, inputs=(node.inputs[0], name), attributes=MappingProxyType(attributes)))
                continue
        nodes.append(node)
    return replace(graph, nodes=tuple(nodes), constants=MappingProxyType(constants))
