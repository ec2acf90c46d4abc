"""Runs one node: finds its operator, hands over its inputs, turns every failure into one clear refusal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from photoguard.encoders.onnx.model import Node
from photoguard.encoders.onnx.operators import OPERATORS, Apply, Attributes
from photoguard.encoders.onnx.unusable import malformed, too_large, unfit, unknown_operator

MOST_VALUES = 1 << 26
"""In one result, for one picture: 256 MB; an IResNet's largest holds 802,816."""
_MOST_VALUES_IN_ALL = 1 << 29
_MOST_WORK = 400_000_000_000
"""Multiplications for one picture; IResNet-100 takes 12, ViT-L 80 thousand million."""
_MOST_STATICS = 1 << 16

FAILURES = (RuntimeError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError)
"""What torch and our operators raise over inputs that are missing, too many, or of the wrong kind or shape."""

Argument = torch.Tensor | tuple[Any, ...] | None


class Ledger:
    """Adds up what a picture's way through the network takes, before anything is spent."""

    def __init__(self) -> None:
        self._values = 0
        self._work = 0

    def enter(self, values: int, work: int) -> None:
        """Raises ``Unusable(MODEL_TOO_LARGE)`` where one result, all of them, or their cost is beyond reason."""
        if values > MOST_VALUES:
            raise too_large("values", values, MOST_VALUES)
        self._values += values
        self._work += work
        if self._values > _MOST_VALUES_IN_ALL:
            raise too_large("values", self._values, _MOST_VALUES_IN_ALL)
        if self._work > _MOST_WORK:
            raise too_large("multiplications", self._work, _MOST_WORK)


@dataclass(frozen=True, eq=False)
class Call:
    """A node whose operator is known and whose attributes were read."""

    node: Node
    apply: Apply
    statics: frozenset[int]

    def __deepcopy__(self, _memo: object) -> Call:
        """Nothing in here ever changes; copies of a network share it."""
        return self

    def __call__(self, arguments: Sequence[Argument]) -> tuple[torch.Tensor, ...]:
        """The node's outputs. Raises whatever torch raises."""
        given = [
            _numbers(value) if place in self.statics and value is not None else value
            for place, value in enumerate(arguments)
        ]
        made = self.apply(*given)
        return made if isinstance(made, tuple) else (made,)

    def rehearsed(self, arguments: Sequence[Argument], ledger: Ledger) -> tuple[torch.Tensor, ...]:
        """The outputs with their shapes only (on torch's meta device), or for real where no pixel matters.

        Nothing is allocated that ``ledger`` has not allowed. Raises ``Unusable``.
        """
        is_shadow = any(isinstance(value, torch.Tensor) and value.is_meta for value in self._moving(arguments))
        shadows = [
            value if place in self.statics or not isinstance(value, torch.Tensor) else value.to("meta")
            for place, value in enumerate(arguments)
        ]
        try:
            made = self(shadows)
            for one in made:
                ledger.enter(one.numel(), one.numel() * self._cost(shadows))
            return made if is_shadow else self(arguments)
        except FAILURES as error:
            raise malformed(self.node.operator[:40]) from error

    def _moving(self, arguments: Sequence[Argument]) -> list[Argument]:
        return [value for place, value in enumerate(arguments) if place not in self.statics]

    def _cost(self, arguments: Sequence[Argument]) -> int:
        """Multiplications for each value of the result."""
        second = arguments[1] if len(arguments) > 1 else None
        if self.node.operator in {"Conv", "ConvTranspose"} and isinstance(second, torch.Tensor):
            return math.prod(second.shape[1:])
        if self.node.operator in {"Gemm", "MatMul"} and isinstance(second, torch.Tensor):
            return max(second.shape[-2:], default=1)
        kernel = self.node.attributes.get("kernel_shape", ())
        return math.prod(int(side) for side in kernel) if isinstance(kernel, tuple) else 1


def compiled(node: Node, version: int) -> Call:
    """``node`` ready to run. Raises ``Unusable``: UNSUPPORTED_OPERATOR names the operator, or its option."""
    operator = OPERATORS.get(node.operator)
    if operator is None:
        raise unknown_operator(node.operator)
    attributes = Attributes(node.attributes, len(node.outputs))
    apply = operator.build(attributes, version)
    if unread := attributes.unread():
        raise unknown_operator(f"{node.operator}.{unread[0]}")
    return Call(node, apply, operator.statics)


def _numbers(value: torch.Tensor | tuple[Any, ...]) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    if value.is_meta:
        raise unfit("dynamic_shape")
    if value.numel() > _MOST_STATICS:
        raise malformed("shape")
    return tuple(value.detach().flatten().tolist())
