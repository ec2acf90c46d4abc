"""Every operator does what onnxruntime does, lets exact gradients through, and tells its shape beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch

from photoguard.encoders.onnx.call import Call, Ledger, compiled
from photoguard.encoders.onnx.model import Graph, read_model
from photoguard.encoders.onnx.operators import OPERATORS
from photoguard.encoders.onnx.operators.operator import tensor_of


@dataclass(frozen=True)
class Case:
    operator: str
    shapes: tuple[Any, ...]
    """Shapes of random inputs, arrays for given ones, None for one left out."""
    attributes: dict[str, Any] = field(default_factory=dict)
    opset: int = 17
    outputs: int = 1
    low: float = -2.0
    """Random inputs lie between this and 2."""
    is_smooth: bool = True
    """Whether the gradient with respect to the first input can be checked by differences."""

    def inputs(self) -> list[np.ndarray | None]:
        chance = np.random.default_rng(3)
        return [
            chance.uniform(self.low, 2, shape).astype(np.float32) if isinstance(shape, tuple) else shape
            for shape in self.shapes
        ]

    def __str__(self) -> str:
        options = "-".join(f"{name}={value}".replace(" ", "") for name, value in self.attributes.items())
        return f"{self.operator}-{self.opset}-{options}"[:70]


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def number(value: float) -> np.ndarray:
    return np.array(value, np.float32)


X = (2, 3, 6, 5)
Y = (1, 4, 5, 5)
_ROW = (3,)
_POSITIVE = (2, 4, 3), (4,), (4,), (4,), np.array([0.5, 1.5, 0.2, 1.0], np.float32)

CASES = [
    Case("Conv", (X, (4, 3, 3, 3), (4,)), {"pads": [1, 1, 1, 1]}),
    Case("Conv", (X, (4, 3, 3, 2)), {"pads": [1, 0, 2, 1], "strides": [2, 1], "kernel_shape": [3, 2]}),
    Case("Conv", (X, (6, 1, 3, 3), (6,)), {"group": 3, "dilations": [2, 1], "pads": [2, 2, 2, 2]}),
    Case("Conv", (X, (4, 3, 3, 3)), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    Case("Conv", (X, (4, 3, 2, 4)), {"auto_pad": "SAME_LOWER", "strides": [1, 2]}),
    Case("Conv", (X, (4, 3, 2, 2)), {"auto_pad": "VALID", "dilations": [1, 2]}),
    Case("Conv", ((2, 3, 9), (4, 3, 4), (4,)), {"pads": [1, 2]}, opset=8),
    Case("ConvTranspose", (X, (3, 2, 3, 3), (2,)), {"strides": [2, 2], "pads": [1, 0, 1, 1], "output_padding": [1, 0]}),
    Case("ConvTranspose", (X, (3, 2, 2, 2)), {"group": 3, "dilations": [1, 2]}),
    Case("BatchNormalization", _POSITIVE, {"epsilon": 0.01}, opset=9, is_smooth=True),
    Case("BatchNormalization", _POSITIVE, {"momentum": 0.8}, opset=15),
    Case("BatchNormalization", ((3, 4), *_POSITIVE[1:]), opset=17),
    Case("BatchNormalization", ((3, 4), *_POSITIVE[1:]), {"spatial": 1}, opset=7),
    Case("InstanceNormalization", (X, _ROW, _ROW), {"epsilon": 1e-3}),
    Case("LayerNormalization", (X, (5,), (5,)), {"epsilon": 1e-4}),
    Case("LayerNormalization", (X, (3, 6, 5)), {"axis": 1}),
    Case("LpNormalization", (X,), {"axis": 1}),
    Case("LpNormalization", (X,), {"axis": -1, "p": 1}),
    Case("PRelu", (X, (3, 1, 1))),
    Case("PRelu", (X, (1,))),
    Case("PRelu", (X, (5,))),
    Case("PRelu", (X, (3, 6, 1)), opset=9),
    Case("PRelu", ((4, 7), (7,)), opset=16),
    Case("Relu", (X,), opset=13),
    Case("LeakyRelu", (X,), {"alpha": 0.3}),
    Case("Clip", (X,), {"min": -0.5, "max": 1.0}, opset=7),
    Case("Clip", (X,), {"min": 0.0}, opset=10),
    Case("Clip", (X, number(-0.5), number(1.25)), opset=11),
    Case("Clip", (X, None, number(1.0)), opset=13),
    Case("Clip", (X, number(0.0)), opset=12),
    Case("Sigmoid", (X,)),
    Case("HardSigmoid", (X,), {"alpha": 0.17, "beta": 0.4}),
    Case("HardSwish", (X,)),
    Case("Tanh", (X,)),
    Case("Elu", (X,), {"alpha": 0.7}),
    Case("Celu", (X,), {"alpha": 1.7}),
    Case("Selu", (X,)),
    Case("Selu", (X,), {"alpha": 1.1, "gamma": 0.9}),
    Case("Gelu", (X,), opset=20),
    Case("Gelu", (X,), {"approximate": "tanh"}, opset=20),
    Case("Mish", (X,), opset=18),
    Case("Softplus", (X,)),
    Case("Softsign", (X,)),
    Case("Softmax", (X,), {"axis": 1}, opset=13),
    Case("Softmax", (X,), {"axis": 2}, opset=11),
    Case("Softmax", (X,), opset=9),
    Case("LogSoftmax", (X,), opset=13),
    Case("LogSoftmax", (X,), opset=11),
    Case("Erf", (X,)),
    Case("Add", (X, (3, 1, 1))),
    Case("Sub", (X, (5,))),
    Case("Mul", (X, X), opset=7),
    Case("Div", (X, (3, 1, 5))),
    Case("Div", (ints(7, -7, 9), ints(2, 2, -4)), is_smooth=False),
    Case("Pow", (X, number(2.0))),
    Case("Pow", (X, np.array(2, np.int64)), opset=13),
    Case("Mod", (ints(7, -7, 9), ints(2, 2, -4)), is_smooth=False),
    Case("Mod", (X, floats(0.7)), {"fmod": 1}, is_smooth=False),
    Case("Sqrt", (X,), low=0.1),
    Case("Exp", (X,)),
    Case("Log", (X,), low=0.1),
    Case("Abs", (X,)),
    Case("Neg", (X,)),
    Case("Sign", (X,)),
    Case("Reciprocal", (X,), low=0.3),
    Case("Floor", (X,)),
    Case("Ceil", (X,)),
    Case("Round", (X,)),
    Case("Sin", (X,)),
    Case("Cos", (X,)),
    Case("Min", (X, X, (3, 1, 1))),
    Case("Max", (X, (1,)), opset=8),
    Case("Sum", (X, X, (1, 3, 1, 1))),
    Case("Mean", (X, (3, 1, 1), X)),
    Case("Equal", (ints(1, 2, 3), ints(1, 0, 3)), is_smooth=False),
    Case("Less", (X, (3, 1, 1)), is_smooth=False),
    Case("LessOrEqual", (X, (3, 1, 1)), is_smooth=False),
    Case("Greater", (X, (5,)), is_smooth=False),
    Case("GreaterOrEqual", (X, (5,)), is_smooth=False),
    Case("And", (np.array([True, False]), np.array([True, True])), is_smooth=False),
    Case("Or", (np.array([True, False]), np.array([False, False])), is_smooth=False),
    Case("Not", (np.array([True, False]),), is_smooth=False),
    Case("Where", (np.array([[True], [False]]), (2, 4), (1, 4)), is_smooth=False),
    Case("Cast", (X,), {"to": 7}, is_smooth=False),
    Case("Cast", (ints(3, 0, -2),), {"to": 1}, is_smooth=False),
    Case("Cast", (X,), {"to": 9}, is_smooth=False),
    Case("CastLike", (ints(3, 0, -2), floats(1.0)), is_smooth=False),
    Case("Gemm", ((3, 4), (5, 4), (5,)), {"transB": 1}),
    Case("Gemm", ((4, 3), (4, 5), (3, 1)), {"transA": 1, "alpha": 0.5, "beta": 2.0}, opset=11),
    Case("Gemm", ((3, 4), (4, 5)), {"alpha": 1.5}),
    Case("MatMul", ((2, 3, 4), (4, 5))),
    Case("MatMul", ((2, 1, 3, 4), (5, 4, 2))),
    Case("Flatten", (X,)),
    Case("Flatten", (X,), {"axis": 0}),
    Case("Flatten", (X,), {"axis": -2}),
    Case("Flatten", (X,), {"axis": 4}),
    Case("Reshape", (X, ints(2, -1))),
    Case("Reshape", (X, ints(0, 3, 0, 5))),
    Case("Reshape", (X, ints(-1, 0, 15)), opset=14),
    Case("Transpose", (X,), {"perm": [0, 2, 3, 1]}),
    Case("Transpose", (X,)),
    Case("Squeeze", ((2, 1, 3, 1),), {"axes": [1, -1]}, opset=11),
    Case("Squeeze", ((2, 1, 3, 1), ints(3))),
    Case("Squeeze", ((2, 1, 3, 1),)),
    Case("Unsqueeze", ((2, 3),), {"axes": [0, 3]}, opset=11),
    Case("Unsqueeze", ((2, 3), ints(-1, 1))),
    Case("Expand", ((3, 1), ints(2, 1, 4))),
    Case("Expand", ((2, 3, 4), ints(3, 1))),
    Case("Tile", ((2, 3), ints(2, 2))),
    Case("Shape", (X,), is_smooth=False),
    Case("Shape", (X,), {"start": 1, "end": -1}, is_smooth=False),
    Case("Size", (X,), is_smooth=False),
    Case("DepthToSpace", ((1, 8, 2, 3),), {"blocksize": 2}),
    Case("DepthToSpace", ((1, 8, 2, 3),), {"blocksize": 2, "mode": "CRD"}),
    Case("SpaceToDepth", ((1, 2, 4, 6),), {"blocksize": 2}),
    Case("Identity", (X,)),
    Case("Dropout", (X,), {"ratio": 0.4}, opset=10),
    Case("Dropout", (X, number(0.3), np.array(False)), {"seed": 4}, opset=13),
    Case("Concat", (X, X), {"axis": 1}),
    Case("Concat", (X, (2, 3, 6, 1), X), {"axis": -1}),
    Case("Split", (X,), {"axis": 2, "split": [1, 5]}, opset=11, outputs=2),
    Case("Split", (X, ints(1, 2)), {"axis": 1}, outputs=2),
    Case("Split", (X,), {"axis": 2}, outputs=3),
    Case("Split", (X,), {"axis": 3, "num_outputs": 2}, opset=18, outputs=2),
    Case("Slice", (X,), {"starts": [1, -3], "ends": [6, 100], "axes": [2, 3]}, opset=9),
    Case("Slice", (X, ints(0, 1), ints(2, 5), ints(1, 3), ints(1, 2))),
    Case("Slice", (X, ints(-1), ints(-(1 << 40)), ints(2), ints(-2))),
    Case("Slice", (X, ints(4), ints(0), ints(-2), ints(-1))),
    Case("Slice", (X, ints(1, 2), ints(9, 9))),
    Case("Gather", (X, ints(2, 0, -1)), {"axis": 1}),
    Case("Gather", (X, np.array(3, np.int64)), {"axis": 2}),
    Case("Gather", ((4,), np.array(1, np.int64))),
    Case("Gather", ((5, 2), np.array([[0, 4], [1, 1]], np.int64))),
    Case("Pad", (X,), {"pads": [0, 0, 1, 2, 0, 0, 0, 1], "value": 0.5}, opset=9),
    Case("Pad", (X, ints(0, 1, 1, 2, 0, 0, 3, 1), number(-1.0))),
    Case("Pad", (X, ints(0, 0, -1, 2, 0, 0, 0, -2))),
    Case("Pad", (X, ints(1, 0, 2, 1), None, ints(-1, 1)), opset=18),
    Case("Pad", (X, ints(0, 0, 2, 3, 0, 0, 4, 1)), {"mode": "reflect"}),
    Case("Pad", (X, ints(0, 1, 2, 0, 0, 0, 4, 1)), {"mode": "edge"}),
    Case("Pad", (X, ints(0, 0, 2, 0, 0, 0, 4, 1)), {"mode": "wrap"}, opset=19),
    Case("MaxPool", (X,), {"kernel_shape": [2, 3], "strides": [2, 2]}),
    Case("MaxPool", (X,), {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "dilations": [1, 2]}),
    Case("MaxPool", (X,), {"kernel_shape": [3, 2], "pads": [0, 1, 2, 1], "strides": [2, 2], "ceil_mode": 1}),
    Case("MaxPool", (X,), {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    Case("MaxPool", ((1, 2, 9),), {"kernel_shape": [4], "strides": [3], "ceil_mode": 1}),
    Case("AveragePool", (X,), {"kernel_shape": [6, 5]}),
    Case("AveragePool", (X,), {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    Case("AveragePool", (X,), {"kernel_shape": [3, 3], "pads": [1, 0, 1, 2], "count_include_pad": 1}),
    Case("AveragePool", (X,), {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}),
    Case("AveragePool", (X,), {"kernel_shape": [3, 2], "auto_pad": "SAME_LOWER"}),
    Case("GlobalAveragePool", (X,)),
    Case("GlobalMaxPool", (X,)),
    Case("ReduceMean", (X,), {"axes": [2, 3], "keepdims": 0}),
    Case("ReduceMean", (X, ints(-1, 1)), opset=18),
    Case("ReduceMean", (X,)),
    Case("ReduceSum", (X,), {"axes": [1]}, opset=11),
    Case("ReduceSum", (X, ints(1)), {"keepdims": 0}),
    Case("ReduceSum", (X,), {"noop_with_empty_axes": 1}),
    Case("ReduceProd", (X,), {"axes": [1, 3]}),
    Case("ReduceL1", (X,), {"axes": [1]}),
    Case("ReduceL2", (X,), {"axes": [1], "keepdims": 0}),
    Case("ReduceL2", (X, ints(1)), opset=18),
    Case("ReduceSumSquare", (X,), {"axes": [1, 2]}),
    Case("ReduceLogSumExp", (X,), {"axes": [1]}),
    Case("ReduceMax", (X,), {"axes": [2, 3]}),
    Case("ReduceMin", (X, ints(1)), opset=18),
    Case("Constant", (), {"value_floats": [1.0, 2.5]}, is_smooth=False),
    Case("Constant", (), {"value_int": 3}, is_smooth=False),
    Case("Constant", (), {"value_float": -0.5}, is_smooth=False),
    Case("Constant", (), {"value_ints": [3, -4]}, is_smooth=False),
    Case("ConstantOfShape", (ints(2, 3),), is_smooth=False),
    Case("Range", (np.array(2, np.int64), np.array(11, np.int64), np.array(3, np.int64)), is_smooth=False),
    Case(
        "Resize",
        (Y, floats(), floats(1, 1, 2, 2)),
        {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
        opset=11,
    ),
    Case(
        "Resize",
        (Y, None, floats(1, 1, 1.6, 0.6)),
        {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"},
        opset=13,
    ),
    Case(
        "Resize",
        (Y, None, None, ints(1, 4, 8, 3)),
        {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
    ),
    Case("Resize", (Y, None, None, ints(1, 4, 9, 7)), {"mode": "cubic"}),
    Case("Resize", (Y, None, floats(1, 1, 2, 3)), {"mode": "nearest"}),
    Case("Resize", (Y, floats(1, 1, 2, 3)), {"mode": "nearest"}, opset=10),
    Case("Upsample", (Y, floats(1, 1, 2, 3)), {"mode": "nearest"}, opset=9),
    Case("Upsample", (Y,), {"mode": "nearest", "scales": [1.0, 1.0, 2.0, 2.0]}, opset=7),
]
_SMOOTH = [case for case in CASES if case.is_smooth]


def prepared(workshop: Any, case: Case) -> tuple[Any, dict[str, np.ndarray], Call, list[torch.Tensor | None]]:
    inputs = case.inputs()
    model, feed = workshop.operator(case.operator, inputs, outputs=case.outputs, opset=case.opset, **case.attributes)
    graph: Graph = read_model(model.SerializeToString())
    call = compiled(graph.nodes[0], graph.opset)
    return model, feed, call, [None if values is None else tensor_of(values) for values in inputs]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gives_what_onnxruntime_gives(workshop: Any, case: Case) -> None:
    model, feed, call, inputs = prepared(workshop, case)
    expected = workshop.run(model, feed)
    made = call(inputs)
    assert len(made) >= len(expected)
    for ours, theirs in zip(made, expected, strict=False):
        assert tuple(ours.shape) == theirs.shape
        assert ours.is_floating_point() == np.issubdtype(theirs.dtype, np.floating)
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_tells_shapes_without_computing(workshop: Any, case: Case) -> None:
    _, _, call, inputs = prepared(workshop, case)
    shadows = [
        value.to("meta") if value is not None and place not in call.statics else value
        for place, value in enumerate(inputs)
    ]
    foretold = call.rehearsed(shadows, Ledger())
    assert [tuple(value.shape) for value in foretold] == [tuple(value.shape) for value in call(inputs)]
    has_pixels = any(value is not None and value.is_meta for value in shadows)
    if has_pixels and case.operator not in {"Shape", "Size"}:
        assert all(value.is_meta for value in foretold)


@pytest.mark.parametrize("case", _SMOOTH, ids=str)
def test_lets_exact_gradients_through(workshop: Any, case: Case) -> None:
    _, _, call, inputs = prepared(workshop, case)
    wide = [
        value.double() if value is not None and value.is_floating_point() and place not in call.statics else value
        for place, value in enumerate(inputs)
    ]
    first = wide[0]
    assert first is not None
    first.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: call([x, *wide[1:]]), (first,), fast_mode=True)


def test_no_operator_goes_untested() -> None:
    assert set(OPERATORS) == {case.operator for case in CASES}
