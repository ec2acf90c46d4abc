"""Small files that promise enormous work are refused before anything is allocated or computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from photoguard.encoders.onnx import load
from photoguard.errors import Failed, ProblemCode

_ALLOWED = 300 << 20


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < _ALLOWED


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def weights(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


BOMBS: dict[str, tuple[list[tuple[str, list[str], dict[str, Any]]], dict[str, np.ndarray]]] = {
    "filling": ([("ConstantOfShape", ["c"], {})], {"c": ints(1 << 20, 1 << 20)}),
    "repeating": ([("Tile", ["c", "n"], {})], {"c": weights(1 << 10), "n": ints(1 << 30)}),
    "expanding": ([("Expand", ["picture", "c"], {})], {"c": ints(1 << 20, 3, 8, 8)}),
    "counting": ([("Range", ["a", "b", "c"], {})], {"a": ints(0)[0], "b": ints(1 << 50)[0], "c": ints(1)[0]}),
    "margin": ([("Pad", ["picture", "c"], {})], {"c": ints(0, 0, 60000, 60000, 0, 0, 0, 0)}),
    "mirror": ([("Pad", ["picture", "c"], {"mode": "edge"})], {"c": ints(0, 0, 60000, 60000, 0, 0, 0, 0)}),
    "convolution": ([("Conv", ["picture", "w"], {"pads": [30000] * 4})], {"w": weights(64, 3, 1, 1)}),
    "transpose": ([("ConvTranspose", ["picture", "w"], {"strides": [9000, 9000]})], {"w": weights(3, 1, 1, 1)}),
    "enlarging": ([("Resize", ["picture", "", "s"], {})], {"s": np.array([1, 1, 2000, 2000], np.float32)}),
    "product": (
        [("Reshape", ["picture", "c"], {}), ("MatMul", ["v0", "w"], {})],
        {"c": ints(192, 1), "w": weights(1, 1 << 20)},
    ),
    "layers": ([("Conv", ["picture", "w"], {"pads": [600] * 4})] * 200, {"w": weights(3, 3, 2, 2)}),
    "pooling": ([("AveragePool", ["picture"], {"kernel_shape": [4000, 4000], "pads": [3999] * 4})], {}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_refuses(workshop: Any, name: str) -> None:
    rows, constants = BOMBS[name]
    nodes = [workshop.node(rows[0][0], rows[0][1], ["v0"], **rows[0][2])]
    for place, (operator, sources, options) in enumerate(rows[1:], start=1):
        # a row that starts from the picture goes on from the one before
        chained = [f"v{place - 1}" if source == "picture" else source for source in sources]
        nodes.append(workshop.node(operator, chained, [f"v{place}"], **options))
    last = f"v{len(nodes) - 1}"
    # the tail makes every bomb's output a vector that depends on the picture
    nodes += [
        workshop.node("ReduceMean", [last], ["mean"], keepdims=1),
        workshop.node("Cast", ["mean"], ["number"], to=1),
        workshop.node("GlobalAveragePool", ["picture"], ["colour"]),
        workshop.node("Flatten", ["colour"], ["flat"]),
        workshop.node("Reshape", ["number", "one"], ["single"]),
        workshop.node("Add", ["flat", "single"], ["out"]),
    ]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], constants | {"one": ints(1)})
    with pytest.raises(Failed) as caught:
        load(model.SerializeToString(), "stranger", 8)
    assert caught.value.problem.code is ProblemCode.MODEL_TOO_LARGE


def test_a_million_empty_nodes_and_fields() -> None:
    graphs = (b"\x0a\x00" * 30_000, b"\x12\x00" * 2_000_000)
    for graph in graphs:
        length = len(graph)
        leading = bytearray()
        while length >= 0x80:
            leading.append(length & 0x7F | 0x80)
            length >>= 7
        leading.append(length)
        data = b"\x42\x02\x10\x11" + b"\x3a" + bytes(leading) + graph
        with pytest.raises(Failed) as caught:
            load(data, "stranger", 8)
        assert caught.value.problem.code is ProblemCode.MODEL_TOO_LARGE
