"""What an operator of the table is, and how it reads its attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from photoguard.encoders.onnx.model import Attribute
from photoguard.encoders.onnx.tensors import Array
from photoguard.encoders.onnx.unusable import malformed

Value = torch.Tensor | tuple[torch.Tensor, ...]
Apply = Callable[..., Value]
"""Takes the node's inputs in order, None for one that was left out; static ones as tuples of numbers."""
Numbers = tuple[Any, ...]


class Attributes:
    """A node's attributes, read by name and type; remembers which were read, so that none is overlooked."""

    def __init__(self, given: Mapping[str, Attribute], outputs: int = 1) -> None:
        self._given = given
        self._read: set[str] = set()
        self.outputs = outputs
        """How many outputs the node has."""

    def unread(self) -> tuple[str, ...]:
        """Names that the operator did not ask for: an option of it that we do not know."""
        return tuple(sorted(set(self._given) - self._read))

    def ignore(self, *names: str) -> None:
        """Attributes without a meaning in inference."""
        self._read.update(names)

    def has(self, name: str) -> bool:
        return name in self._given

    def integer(self, name: str, default: int) -> int:
        value = self._value(name, default)
        if not isinstance(value, int):
            raise malformed("attribute")
        return value

    def number(self, name: str, default: float) -> float:
        value = self._value(name, default)
        if not isinstance(value, (int, float)):
            raise malformed("attribute")
        return float(value)

    def text(self, name: str, default: str) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise malformed("attribute")
        return value

    def integers(self, name: str) -> tuple[int, ...] | None:
        value = self._value(name, None)
        if value is None:
            return None
        if not isinstance(value, tuple) or not all(isinstance(x, int) for x in value):
            raise malformed("attribute")
        return tuple(int(x) for x in value)

    def numbers(self, name: str) -> tuple[float, ...] | None:
        value = self._value(name, None)
        if value is None:
            return None
        if not isinstance(value, tuple) or not all(isinstance(x, (int, float)) for x in value):
            raise malformed("attribute")
        return tuple(float(x) for x in value)

    def tensor(self, name: str) -> Array | None:
        value = self._value(name, None)
        if value is None:
            return None
        if not isinstance(value, np.ndarray):
            raise malformed("attribute")
        return value

    def counts(self, name: str, *, least: int) -> tuple[int, ...] | None:
        """Integers none of which is below ``least`` or absurd; strides of 0 would crash in native code."""
        values = self.integers(name)
        if values is not None and not all(least <= value <= 1 << 16 for value in values):
            raise malformed("attribute")
        return values

    def _value(self, name: str, default: Attribute | None) -> Attribute | None:
        self._read.add(name)
        return self._given.get(name, default)


Build = Callable[[Attributes, int], Apply]
"""From a node's attributes and the version of the operator set; raises ``Unusable``."""


@dataclass(frozen=True)
class Operator:
    """One row of the table."""

    build: Build
    statics: frozenset[int] = frozenset()
    """Inputs that say how, not what: shapes, axes, amounts. They must not depend on the picture's pixels."""


def plain(function: Apply) -> Operator:
    """An operator without attributes, the same in every version."""

    def build(attributes: Attributes, version: int) -> Apply:
        if version < 7:
            attributes.ignore("consumed_inputs")
        return function

    return Operator(build)


def tensor_of(values: Array) -> torch.Tensor:
    """An aligned copy that nobody else holds."""
    return torch.from_numpy(np.array(values, order="C"))


def at_axis(axis: int, rank: int) -> int:
    """``axis`` counted from the front."""
    if not -rank <= axis < rank:
        raise malformed("axis")
    return axis % rank
