"""Files are read as the onnx package reads them, and what is not sound is refused with a code and facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photoguard.encoders.onnx import load
from photoguard.encoders.onnx.model import read_model
from photoguard.encoders.onnx.operators import OPERATORS
from photoguard.encoders.onnx.tensors import read_tensor
from photoguard.encoders.onnx.unusable import Unusable
from photoguard.encoders.onnx.wire import Wire, varints
from photoguard.errors import Failed, PhotoguardError, ProblemCode

calm = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TYPES = [
    "FLOAT",
    "UINT8",
    "INT8",
    "UINT16",
    "INT16",
    "INT32",
    "INT64",
    "BOOL",
    "FLOAT16",
    "DOUBLE",
    "UINT32",
    "BFLOAT16",
]


@pytest.mark.parametrize("is_raw", [True, False])
@pytest.mark.parametrize("kind", TYPES)
def test_tensors_of_every_type(workshop: Any, kind: str, is_raw: bool) -> None:
    onnx = workshop.onnx
    values = np.array([[0, 1, 2], [3, 100, 5]], np.float32)
    if kind == "BOOL":
        values = values != 2
    elif kind in {"FLOAT", "FLOAT16", "DOUBLE", "INT8", "INT32"}:
        values = values - 50
    number = onnx.TensorProto.DataType.Value(kind)
    kept = values.astype(onnx.helper.tensor_dtype_to_np_dtype(number))
    tensor = onnx.helper.make_tensor(
        "weights", number, values.shape, kept.tobytes() if is_raw else kept.flatten(), is_raw
    )
    name, ours = read_tensor(memoryview(tensor.SerializeToString()), Wire())
    theirs = onnx.numpy_helper.to_array(tensor)
    assert name == "weights"
    assert ours.shape == theirs.shape
    assert (ours.astype(np.float64) == theirs.astype(np.float64)).all()
    assert ours.dtype in {np.dtype(np.float32), np.dtype(np.int64), np.dtype(bool)}


@calm
@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=40))
def test_packed_integers(workshop: Any, numbers: list[int]) -> None:
    tensor = workshop.onnx.TensorProto(int64_data=numbers, data_type=7, dims=[len(numbers)])
    _, values = read_tensor(memoryview(tensor.SerializeToString()), Wire())
    assert values.tolist() == numbers


@given(st.binary(max_size=60))
def test_packed_integers_from_any_bytes(content: bytes) -> None:
    try:
        count = varints(memoryview(content)).size
    except Unusable:
        return
    assert count == sum(byte < 0x80 for byte in content)


def test_reads_a_graph_as_it_was_written(small: Any) -> None:
    graph = read_model(small.data)
    assert [node.operator for node in graph.nodes] == [node.op_type for node in small.nodes]
    assert [node.inputs for node in graph.nodes] == [tuple(node.input) for node in small.nodes]
    assert {name: values.tolist() for name, values in graph.constants.items()} == {
        name: values.tolist() for name, values in small.constants.items()
    }
    (port,) = graph.inputs
    assert (port.name, port.shape, graph.opset) == ("picture", (None, 3, 8, 8), 17)
    stem = next(node for node in graph.nodes if node.operator == "Conv")
    assert dict(stem.attributes) == {"pads": (1, 1, 1, 1)}


def test_constants_listed_as_inputs_are_not_asked_for(workshop: Any, small: Any) -> None:
    """Files of IR version 3 list their weights among the inputs too."""
    inputs = {"picture": [1, 3, 8, 8]} | {name: values.shape for name, values in small.constants.items()}
    model = workshop.model(small.nodes, inputs, ["embedding"], small.constants)
    assert [port.name for port in read_model(model.SerializeToString()).inputs] == ["picture"]


def refusal(model: Any, side: int = 8) -> tuple[ProblemCode, dict[str, Any]]:
    data = model if isinstance(model, bytes) else model.SerializeToString()
    with pytest.raises(Failed) as caught:
        load(data, "stranger", side)
    facts = dict(caught.value.problem.facts)
    assert facts.pop("model") == "stranger"
    return caught.value.problem.code, facts


def test_names_the_operator_it_does_not_know(workshop: Any) -> None:
    nodes = [workshop.node("Relu", ["picture"], ["a"]), workshop.node("DeformConv", ["a", "a", "a"], ["out"])]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"])
    assert refusal(model) == (ProblemCode.UNSUPPORTED_OPERATOR, {"operator": "DeformConv"})


def test_names_the_option_it_does_not_know(workshop: Any) -> None:
    nodes = [workshop.node("Relu", ["picture"], ["out"], sharpness=2)]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"])
    assert refusal(model) == (ProblemCode.UNSUPPORTED_OPERATOR, {"operator": "Relu.sharpness"})


def test_operators_of_other_makers_are_not_taken_for_ours(workshop: Any) -> None:
    nodes = [workshop.node("Relu", ["picture"], ["out"], domain="com.example")]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"])
    assert refusal(model) == (ProblemCode.UNSUPPORTED_OPERATOR, {"operator": "com.example::Relu"})


def test_data_in_other_files_is_refused(workshop: Any, small: Any) -> None:
    model = workshop.onnx.ModelProto.FromString(small.data)
    weights = model.graph.initializer[1]
    weights.ClearField("raw_data")
    weights.data_location = workshop.onnx.TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="../../etc/passwd")
    assert refusal(model) == (ProblemCode.MODEL_UNFIT, {"reason": "external_data"})


def test_nested_graphs_are_refused(workshop: Any, small: Any) -> None:
    model = workshop.onnx.ModelProto.FromString(small.data)
    model.graph.node[0].attribute.append(workshop.onnx.helper.make_attribute("body", model.graph))
    assert refusal(model) == (ProblemCode.MODEL_UNFIT, {"reason": "nested_graph"})


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        ([("Relu", ["nobody"], ["out"])], ProblemCode.MODEL_MALFORMED),
        ([("Relu", ["later"], ["out"]), ("Relu", ["picture"], ["later"])], ProblemCode.MODEL_MALFORMED),
        ([("Relu", ["picture"], ["out"]), ("Relu", ["picture"], ["out"])], ProblemCode.MODEL_MALFORMED),
        ([("Relu", ["out"], ["out"])], ProblemCode.MODEL_MALFORMED),
        ([("Relu", ["picture"], ["elsewhere"])], ProblemCode.MODEL_MALFORMED),
        ([("Relu", ["picture", "picture"], ["out"])], ProblemCode.MODEL_MALFORMED),
        ([("Relu", ["picture"], ["out"])], ProblemCode.MODEL_UNFIT),
    ],
    ids=["unknown", "order", "twice", "circle", "no output", "inputs", "no vector"],
)
def test_graphs_that_make_no_sense(
    workshop: Any, nodes: list[tuple[str, list[str], list[str]]], code: ProblemCode
) -> None:
    made = [workshop.node(*node) for node in nodes]
    assert refusal(workshop.model(made, {"picture": [1, 3, 8, 8]}, ["out"]))[0] is code


@pytest.mark.parametrize("shape", [[1, 1, 8, 8], [1, 3, 8], [1, 3, 16, 16], [1, 4, 8, 8]])
def test_inputs_that_are_no_such_picture(workshop: Any, small: Any, shape: list[int]) -> None:
    model = workshop.model(small.nodes, {"picture": shape}, ["embedding"], small.constants)
    assert refusal(model) == (ProblemCode.MODEL_UNFIT, {"reason": "input_shape"})


def test_two_inputs_are_refused(workshop: Any, small: Any) -> None:
    model = workshop.model(small.nodes, {"picture": [1, 3, 8, 8], "more": [1]}, ["embedding"], small.constants)
    assert refusal(model) == (ProblemCode.MODEL_UNFIT, {"reason": "inputs"})


def test_weights_that_are_no_numbers(workshop: Any, small: Any) -> None:
    constants = small.constants | {"b3": np.full(6, np.nan, np.float32)}
    model = workshop.model(small.nodes, {"picture": [1, 3, 8, 8]}, ["embedding"], constants)
    assert refusal(model) == (ProblemCode.MODEL_MALFORMED, {"place": "numbers"})


@pytest.mark.parametrize("data", [b"", b"\0", b"PK\3\4", b"\x89PNG\r\n\x1a\n", b"<!DOCTYPE html>", b"\xff" * 40])
def test_files_of_other_kinds(data: bytes) -> None:
    with pytest.raises(Failed) as caught:
        load(data, "stranger", 8)
    assert caught.value.problem.code is ProblemCode.MODEL_MALFORMED


def test_every_truncation_is_refused(small: Any) -> None:
    for length in range(0, len(small.data), 3):
        with pytest.raises(PhotoguardError):
            load(small.data[:length], "stranger", 8)


_ABSURD = [0, 1, -1, 2, 7, 1 << 16, 1 << 20, (1 << 31) - 1, -(1 << 31), 1 << 40, (1 << 63) - 1, -(1 << 63)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_rewired_graphs_are_refused_or_work(workshop: Any, small: Any, data: st.DataObject) -> None:
    """Sound protobuf, absurd content: other operators, other inputs, numbers out of all bounds."""
    model = workshop.onnx.ModelProto.FromString(small.data)
    names = ["", "picture", *small.constants, *(name for node in model.graph.node for name in node.output)]
    for _ in range(data.draw(st.integers(1, 3))):
        node = data.draw(st.sampled_from(list(model.graph.node)))
        way = data.draw(st.sampled_from(["operator", "input", "attribute", "constant"]))
        if way == "operator":
            node.op_type = data.draw(st.sampled_from(sorted(OPERATORS)))
        elif way == "input" and node.input:
            node.input[data.draw(st.integers(0, len(node.input) - 1))] = data.draw(st.sampled_from(names))
        elif way == "attribute" and node.attribute:
            attribute = data.draw(st.sampled_from(list(node.attribute)))
            number = data.draw(st.sampled_from(_ABSURD))
            attribute.i = number
            if attribute.ints:
                attribute.ints[data.draw(st.integers(0, len(attribute.ints) - 1))] = number
        else:
            tensor = data.draw(st.sampled_from(list(model.graph.initializer)))
            count = int(np.prod(tensor.dims)) if tensor.dims else 1
            del tensor.dims[:]
            tensor.dims.extend(data.draw(st.sampled_from([[count], [1, count], [count, 1, 1], [count, 1 << 40]])))
    try:
        network = load(model.SerializeToString(), "stranger", 8)
    except PhotoguardError:
        return
    assert network(torch.rand(3, 3, 8, 8)).shape[0] == 3


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_bits_are_refused_or_harmless(small: Any, data: st.DataObject) -> None:
    changed = bytearray(small.data)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        network = load(bytes(changed), "stranger", 8)
    except PhotoguardError:
        return
    assert network(torch.rand(3, 3, 8, 8)).shape[0] == 3
