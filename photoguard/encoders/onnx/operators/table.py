"""All operators by their ONNX names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from photoguard.encoders.onnx.operators import (
    activation,
    arithmetic,
    constant,
    convolution,
    normalisation,
    pooling,
    product,
    reduction,
    resizing,
    selection,
    shape,
)
from photoguard.encoders.onnx.operators.operator import Operator

OPERATORS: Mapping[str, Operator] = MappingProxyType(
    activation.OPERATORS
    | arithmetic.OPERATORS
    | constant.OPERATORS
    | convolution.OPERATORS
    | normalisation.OPERATORS
    | pooling.OPERATORS
    | product.OPERATORS
    | reduction.OPERATORS
    | resizing.OPERATORS
    | selection.OPERATORS
    | shape.OPERATORS
)
