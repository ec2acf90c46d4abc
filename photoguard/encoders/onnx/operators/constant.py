"""Values that no input brings. Source: ONNX operators, Constant, ConstantOfShape, Range."""

from __future__ import annotations

import math

import numpy as np
import torch

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Numbers, Operator, tensor_of
from photoguard.encoders.onnx.unusable import malformed, too_large

_MOST_VALUES = 1 << 24


def constant(attributes: Attributes, _version: int) -> Apply:
    made = attributes.tensor("value")
    if made is None:
        if attributes.has("value_float"):
            made = np.array(attributes.number("value_float", 0.0), np.float32)
        elif attributes.has("value_int"):
            made = np.array(attributes.integer("value_int", 0), np.int64)
        elif attributes.has("value_floats"):
            made = np.array(attributes.numbers("value_floats"), np.float32)
        elif attributes.has("value_ints"):
            made = np.array(attributes.integers("value_ints"), np.int64)
        else:
            raise malformed("attribute")
    value = tensor_of(made)
    return lambda: value


def constant_of_shape(attributes: Attributes, _version: int) -> Apply:
    filling = attributes.tensor("value")
    value = torch.zeros(1) if filling is None else tensor_of(filling)
    if value.numel() != 1:
        raise malformed("attribute")

    def apply(sides: Numbers) -> torch.Tensor:
        if any(side < 0 for side in sides):
            raise malformed("shape")
        _allow(math.prod(sides))
        return value.reshape(()).expand(tuple(sides)).clone()

    return apply


def range_(_attributes: Attributes, _version: int) -> Apply:
    def apply(start: Numbers, limit: Numbers, step: Numbers) -> torch.Tensor:
        if step[0] == 0:
            raise malformed("range")
        _allow(math.ceil((limit[0] - start[0]) / step[0]))
        return torch.arange(start[0], limit[0], step[0])

    return apply


def _allow(count: int) -> None:
    if count > _MOST_VALUES:
        raise too_large("values", count, _MOST_VALUES)


OPERATORS = {
    "Constant": Operator(constant),
    "ConstantOfShape": Operator(constant_of_shape, frozenset({0})),
    "Range": Operator(range_, frozenset({0, 1, 2})),
}
