"""Reads an ONNX file into a graph of frozen values. Source: onnx.proto (ModelProto and what it holds)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from photoguard.encoders.onnx.tensors import Array, read_tensor
from photoguard.encoders.onnx.unusable import malformed, too_large, unfit
from photoguard.encoders.onnx.wire import Field, Wire

MOST_BYTES = 1 << 30
"""ViT-L recognisers reach 1.2 GB, IResNet-100 260 MB; more would not be cloaked against on a laptop."""
_MOST_NODES = 20_000
OLDEST_OPSET, NEWEST_OPSET = 5, 25
"""Versions of the default operator set whose definitions our operators follow."""

Attribute = int | float | str | Array | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Node:
    """One operation."""

    operator: str
    """With its domain, as ``com.example::Name``, unless that is the default."""
    inputs: tuple[str, ...]
    """Names of values; empty for one that was left out."""
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class Port:
    """An input or output of the graph."""

    name: str
    shape: tuple[int | None, ...] | None
    """None for what the file leaves open."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A computation; the nodes stand in an order in which they can run."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, Array]
    inputs: tuple[Port, ...]
    """Without those that the constants provide."""
    outputs: tuple[Port, ...]
    opset: int


def read_model(data: bytes) -> Graph:
    """The graph in the ONNX file ``data``; raises ``Unusable``. Takes a few times the memory of ``data`` at most."""
    if len(data) > MOST_BYTES:
        raise too_large("bytes", len(data), MOST_BYTES)
    wire = Wire()
    graph: memoryview | None = None
    opset = 0
    for field in wire.fields(memoryview(data)):
        if field.number == 7:
            if graph is not None:
                raise malformed("model")
            graph = field.message()
        elif field.number == 8:
            domain, version = _opset(field, wire)
            opset = version if domain in {"", "ai.onnx"} else opset
    if graph is None:
        raise malformed("model")
    if not OLDEST_OPSET <= opset <= NEWEST_OPSET:
        raise unfit("opset")
    return _graph(graph, wire, opset)


def _opset(field: Field, wire: Wire) -> tuple[str, int]:
    domain, version = "", 0
    for part in wire.fields(field.message()):
        if part.number == 1:
            domain = part.text()
        elif part.number == 2:
            version = part.integer()
    return domain, version


def _graph(message: memoryview, wire: Wire, opset: int) -> Graph:
    nodes: list[Node] = []
    constants: dict[str, Array] = {}
    inputs: list[Port] = []
    outputs: list[Port] = []
    for field in wire.fields(message):
        if field.number == 1:
            nodes.append(_node(field.message(), wire))
            if len(nodes) > _MOST_NODES:
                raise too_large("nodes", len(nodes), _MOST_NODES)
        elif field.number == 5:
            name, values = read_tensor(field.message(), wire)
            if not name or name in constants:
                raise malformed("constant")
            constants[name] = values
        elif field.number == 11:
            inputs.append(_port(field.message(), wire))
        elif field.number == 12:
            outputs.append(_port(field.message(), wire))
        elif field.number == 15:
            raise unfit("sparse_constant")
    free = tuple(port for port in inputs if port.name not in constants)
    return Graph(tuple(nodes), MappingProxyType(constants), free, tuple(outputs), opset)


def _node(message: memoryview, wire: Wire) -> Node:
    inputs: list[str] = []
    outputs: list[str] = []
    operator, domain = "", ""
    attributes: dict[str, Attribute] = {}
    for field in wire.fields(message):
        if field.number == 1:
            inputs.append(field.text())
        elif field.number == 2:
            outputs.append(field.text())
        elif field.number == 4:
            operator = field.text()
        elif field.number == 5:
            name, value = _attribute(field.message(), wire)
            attributes[name] = value
        elif field.number == 7:
            domain = field.text()
    if domain not in {"", "ai.onnx"}:
        operator = f"{domain}::{operator}"
    return Node(operator, tuple(inputs), tuple(outputs), MappingProxyType(attributes))


def _attribute(message: memoryview, wire: Wire) -> tuple[str, Attribute]:
    name, kind = "", 0
    single: Attribute | None = None
    integers: list[int] = []
    numbers: list[float] = []
    texts: list[str] = []
    for field in wire.fields(message):
        if field.number == 1:
            name = field.text()
        elif field.number == 2:
            single = field.number32()
        elif field.number == 3:
            single = field.integer()
        elif field.number == 4:
            single = field.text()
        elif field.number == 5:
            single = read_tensor(field.message(), wire)[1]
        elif field.number == 7:
            numbers += field.numbers32()
        elif field.number == 8:
            integers += field.integers()
        elif field.number == 9:
            texts.append(field.text())
        elif field.number == 20:
            kind = field.integer()
        elif field.number in {6, 10, 11, 14, 15, 21, 22, 23}:
            # branches, loops, lists of tensors, references into functions: no recogniser has them
            raise unfit("nested_graph")
    if single is not None:
        return name, single
    # older writers leave the kind out; 6: floats, 8: strings
    if numbers or kind == 6:
        return name, tuple(numbers)
    if texts or kind == 8:
        return name, tuple(texts)
    # a default value is not written: proto3 files say 0 or "" by silence
    silent: dict[int, Attribute] = {1: 0.0, 2: 0, 3: ""}
    if kind in silent:
        return name, silent[kind]
    return name, tuple(integers)


def _port(message: memoryview, wire: Wire) -> Port:
    name = ""
    shape: tuple[int | None, ...] | None = None
    for field in wire.fields(message):
        if field.number == 1:
            name = field.text()
        elif field.number == 2:
            for tensor in wire.fields(field.message()):
                if tensor.number != 1:
                    raise unfit("input_kind")
                for part in wire.fields(tensor.message()):
                    if part.number == 2:
                        shape = _shape(part.message(), wire)
    return Port(name, shape)


def _shape(message: memoryview, wire: Wire) -> tuple[int | None, ...]:
    sides: list[int | None] = []
    for field in wire.fields(message):
        if field.number != 1:
            continue
        side: int | None = None
        for part in wire.fields(field.message()):
            if part.number == 1:
                side = part.integer()
        sides.append(side if side is not None and side > 0 else None)
    return tuple(sides)
