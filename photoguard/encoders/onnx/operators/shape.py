"""Shapes and the order of axes: nothing here changes a number. Source: ONNX operators."""

from __future__ import annotations

import math

import torch

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Numbers, Operator, at_axis
from photoguard.encoders.onnx.unusable import malformed, unknown_operator


def reshape(attributes: Attributes, _version: int) -> Apply:
    keeps_zero = bool(attributes.integer("allowzero", 0))

    def apply(x: torch.Tensor, sides: Numbers) -> torch.Tensor:
        if keeps_zero:
            return x.reshape(sides)
        if any(side == 0 and place >= x.ndim for place, side in enumerate(sides)):
            raise malformed("shape")
        return x.reshape([x.shape[place] if side == 0 else side for place, side in enumerate(sides)])

    return apply


def flatten(attributes: Attributes, _version: int) -> Apply:
    axis = attributes.integer("axis", 1)

    def apply(x: torch.Tensor) -> torch.Tensor:
        place = axis if axis == x.ndim else at_axis(axis, x.ndim)
        return x.reshape(math.prod(x.shape[:place]), math.prod(x.shape[place:]))

    return apply


def transpose(attributes: Attributes, _version: int) -> Apply:
    order = attributes.integers("perm")
    return lambda x: x.permute(order or tuple(reversed(range(x.ndim))))


def squeeze(attributes: Attributes, version: int) -> Apply:
    named = attributes.integers("axes") if version < 13 else None

    def apply(x: torch.Tensor, given: Numbers | None = None) -> torch.Tensor:
        axes = named if given is None else given
        if axes is None:
            return x.reshape([side for side in x.shape if side != 1])
        gone = {at_axis(axis, x.ndim) for axis in axes}
        if any(x.shape[axis] != 1 for axis in gone):
            raise malformed("shape")
        return x.reshape([side for place, side in enumerate(x.shape) if place not in gone])

    return apply


def unsqueeze(attributes: Attributes, version: int) -> Apply:
    named = attributes.integers("axes") if version < 13 else None

    def apply(x: torch.Tensor, given: Numbers | None = None) -> torch.Tensor:
        axes = (named if given is None else given) or ()
        rank = x.ndim + len(axes)
        for axis in sorted(at_axis(axis, rank) for axis in axes):
            x = x.unsqueeze(axis)
        return x

    return apply


def expand(_attributes: Attributes, _version: int) -> Apply:
    def apply(x: torch.Tensor, sides: Numbers) -> torch.Tensor:
        rank = max(x.ndim, len(sides))
        ours, theirs = ((1,) * (rank - len(shape)) + tuple(shape) for shape in (x.shape, sides))
        return x.expand([there if here == 1 else here for here, there in zip(ours, theirs, strict=True)])

    return apply


def tile(_attributes: Attributes, _version: int) -> Apply:
    def apply(x: torch.Tensor, repeats: Numbers) -> torch.Tensor:
        if len(repeats) != x.ndim or any(count < 0 for count in repeats):
            raise malformed("shape")
        return x.repeat(*repeats)

    return apply


def shape(attributes: Attributes, version: int) -> Apply:
    first = attributes.integer("start", 0) if version >= 15 else 0
    last = attributes.integer("end", 1 << 31) if version >= 15 else 1 << 31
    return lambda x: torch.tensor(tuple(x.shape)[first:last], dtype=torch.int64)


def size(_attributes: Attributes, _version: int) -> Apply:
    return lambda x: torch.tensor(x.numel(), dtype=torch.int64)


def depth_to_space(attributes: Attributes, _version: int) -> Apply:
    block = attributes.integer("blocksize", 0)
    mode = attributes.text("mode", "DCR")
    if block < 1 or mode not in {"DCR", "CRD"}:
        raise malformed("attribute")

    def apply(x: torch.Tensor) -> torch.Tensor:
        batch, channels, rows, columns = x.shape
        if mode == "CRD":
            parts = x.reshape(batch, channels // block**2, block, block, rows, columns).permute(0, 1, 4, 2, 5, 3)
        else:
            parts = x.reshape(batch, block, block, channels // block**2, rows, columns).permute(0, 3, 4, 1, 5, 2)
        return parts.reshape(batch, channels // block**2, rows * block, columns * block)

    return apply


def space_to_depth(attributes: Attributes, _version: int) -> Apply:
    block = attributes.integer("blocksize", 0)
    if block < 1:
        raise malformed("attribute")

    def apply(x: torch.Tensor) -> torch.Tensor:
        batch, channels, rows, columns = x.shape
        parts = x.reshape(batch, channels, rows // block, block, columns // block, block).permute(0, 3, 5, 1, 2, 4)
        return parts.reshape(batch, channels * block**2, rows // block, columns // block)

    return apply


def dropout(attributes: Attributes, _version: int) -> Apply:
    attributes.ignore("ratio", "seed", "is_test", "consumed_inputs")

    # what versions 12 and later say about the rate and about training has no meaning in inference
    def apply(x: torch.Tensor, _rate: Numbers | None = None, is_training: Numbers | None = None) -> torch.Tensor:
        if is_training and is_training[0]:
            raise unknown_operator("Dropout.training_mode")
        return x

    return apply


def identity(_attributes: Attributes, _version: int) -> Apply:
    return lambda x: x


OPERATORS = {
    "Reshape": Operator(reshape, frozenset({1})),
    "Flatten": Operator(flatten),
    "Transpose": Operator(transpose),
    "Squeeze": Operator(squeeze, frozenset({1})),
    "Unsqueeze": Operator(unsqueeze, frozenset({1})),
    "Expand": Operator(expand, frozenset({1})),
    "Tile": Operator(tile, frozenset({1})),
    "Shape": Operator(shape),
    "Size": Operator(size),
    "DepthToSpace": Operator(depth_to_space),
    "SpaceToDepth": Operator(space_to_depth),
    "Dropout": Operator(dropout, frozenset({1, 2})),
    "Identity": Operator(identity),
}
