"""Calculation element by element, comparison and choice. Source: ONNX operators."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import torch

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator, at_axis, plain
from photoguard.encoders.onnx.tensors import BOOL, FLOATS, INTEGERS
from photoguard.encoders.onnx.unusable import malformed, unfit

_Binary = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def binary(function: _Binary) -> Operator:
    """An operator of two values that broadcasts as numpy does; before version 7 along a stated axis."""

    def build(attributes: Attributes, version: int) -> Apply:
        if version >= 7:
            return function
        attributes.ignore("broadcast", "consumed_inputs")
        is_placed = attributes.has("axis")
        axis = attributes.integer("axis", 0)

        def apply(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            if is_placed and b.ndim:
                after = a.ndim - at_axis(axis, a.ndim) - b.ndim
                b = b.reshape(*b.shape, *(1,) * after)
            return function(a, b)

        return apply

    return Operator(build)


def _divided(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    if a.is_floating_point():
        return a / b
    if not b.is_meta and bool((b == 0).any()):
        raise malformed("division")
    return torch.div(a, b, rounding_mode="trunc")


def _power(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.pow(a, b).to(a.dtype)


def _mod(attributes: Attributes, _version: int) -> Apply:
    is_c = bool(attributes.integer("fmod", 0))

    def apply(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        if not b.is_floating_point() and not b.is_meta and bool((b == 0).any()):
            raise malformed("division")
        return torch.fmod(a, b) if is_c else torch.remainder(a, b)

    return apply


def many(function: _Binary, *, is_mean: bool = False) -> Operator:
    """An operator of any number of values."""

    def apply(*values: torch.Tensor) -> torch.Tensor:
        total = reduce(function, values)
        return total / len(values) if is_mean else total

    return plain(apply)


def cast(attributes: Attributes, _version: int) -> Apply:
    kind = attributes.integer("to", 0)
    attributes.ignore("saturate", "round_mode")
    if kind in FLOATS:
        return lambda x: x if x.is_floating_point() else x.to(torch.float32)
    if kind == BOOL:
        return lambda x: x != 0
    if kind not in INTEGERS:
        raise unfit("element_type")
    return lambda x: x.to(torch.int64)


def cast_like(attributes: Attributes, _version: int) -> Apply:
    attributes.ignore("saturate", "round_mode")
    return lambda x, like: x if x.dtype == like.dtype else x.to(like.dtype)


OPERATORS = {
    "Add": binary(torch.add),
    "Sub": binary(torch.sub),
    "Mul": binary(torch.mul),
    "Div": binary(_divided),
    "Pow": binary(_power),
    "Mod": Operator(_mod),
    "Sqrt": plain(torch.sqrt),
    "Exp": plain(torch.exp),
    "Log": plain(torch.log),
    "Abs": plain(torch.abs),
    "Neg": plain(torch.neg),
    "Sign": plain(torch.sign),
    "Reciprocal": plain(torch.reciprocal),
    "Floor": plain(torch.floor),
    "Ceil": plain(torch.ceil),
    "Round": plain(torch.round),
    "Sin": plain(torch.sin),
    "Cos": plain(torch.cos),
    "Min": many(torch.minimum),
    "Max": many(torch.maximum),
    "Sum": many(torch.add),
    "Mean": many(torch.add, is_mean=True),
    "Equal": binary(torch.eq),
    "Less": binary(torch.lt),
    "LessOrEqual": plain(torch.le),
    "Greater": binary(torch.gt),
    "GreaterOrEqual": plain(torch.ge),
    "And": binary(torch.logical_and),
    "Or": binary(torch.logical_or),
    "Not": plain(torch.logical_not),
    "Where": plain(torch.where),
    "Cast": Operator(cast),
    "CastLike": Operator(cast_like),
}
