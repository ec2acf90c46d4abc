"""Turns ONNX tensors into arrays: float32 for every floating-point type, int64 for every integer, bool.

Source: onnx.proto (TensorProto). Data in other files is refused: a path inside a stranger's file is nothing to follow.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from photoguard.encoders.onnx.unusable import malformed, too_large, unfit
from photoguard.encoders.onnx.wire import Field, Wire, packed, varints

Array = npt.NDArray[Any]

_MOST_AXES = 8
_LARGEST_AXIS = 1 << 31
_MOST_INTEGERS = 1 << 22
"""Integers take eight bytes each here, whatever the file spends; recognisers have a few, for shapes and indices."""

FLOAT, FLOAT16, DOUBLE, BFLOAT16, BOOL = 1, 10, 11, 16, 9
_RAW = {
    FLOAT: "<f4",
    2: "u1",
    3: "i1",
    4: "<u2",
    5: "<i2",
    6: "<i4",
    7: "<i8",
    BOOL: "?",
    FLOAT16: "<f2",
    DOUBLE: "<f8",
    12: "<u4",
    13: "<u8",
    BFLOAT16: "<u2",
}
"""Element types and how their raw bytes read; bfloat16 is the upper half of a float32."""
FLOATS = frozenset({FLOAT, FLOAT16, DOUBLE, BFLOAT16})
INTEGERS = frozenset(_RAW) - FLOATS - {BOOL}

_DIMS, _TYPE, _SEGMENT, _FLOATS, _INT32S, _INT64S, _NAME, _BYTES, _DOUBLES, _UINT64S, _EXTERNAL, _LOCATION = (
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    10,
    11,
    13,
    14,
)


def read_tensor(message: memoryview, wire: Wire) -> tuple[str, Array]:
    """Name and values of a TensorProto. Raises ``Unusable``.

    Takes a few times the memory of the message at most: the shape must agree with what is there.
    """
    name, kind = "", 0
    shape: list[int] = []
    data: list[Field] = []
    for field in wire.fields(message):
        if field.number == _DIMS:
            shape += field.integers()
            if len(shape) > _MOST_AXES:
                raise malformed("shape")
        elif field.number == _TYPE:
            kind = field.integer()
        elif field.number == _NAME:
            name = field.text()
        elif field.number in {_SEGMENT, _EXTERNAL} or (field.number == _LOCATION and field.integer() != 0):
            raise unfit("external_data")
        elif field.number in {_FLOATS, _INT32S, _INT64S, _BYTES, _DOUBLES, _UINT64S}:
            data.append(field)
    if kind not in _RAW:
        raise unfit("element_type")
    if any(not 0 <= side < _LARGEST_AXIS for side in shape):
        raise malformed("shape")
    values = _joined([_values(field, kind) for field in data], kind)
    if values.size != math.prod(shape):
        raise malformed("tensor")
    return name, values.reshape(shape)


def _joined(parts: list[Array], kind: int) -> Array:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return _widened(np.zeros(0, _RAW[kind]), kind)
    return np.concatenate(parts)


def _values(field: Field, kind: int) -> Array:
    if field.number == _BYTES:
        return _widened(packed(field.message(), _RAW[kind]), kind)
    if field.number == _FLOATS and kind == FLOAT:
        if not field.content:
            return np.array(field.numbers32(), np.float32)
        return _widened(packed(field.message(), "<f4"), kind)
    if field.number == _DOUBLES and kind == DOUBLE:
        return _widened(packed(field.message(), "<f8"), kind)
    if field.number == _INT32S and kind not in {FLOAT, DOUBLE, 7, 12, 13}:
        whole = np.array(field.integers(), np.int64) if not field.content else varints(field.message())
        if kind in {FLOAT16, BFLOAT16}:
            return _widened((whole & 0xFFFF).astype("<u2").view(_RAW[kind]), kind)
        return whole.astype(bool) if kind == BOOL else whole
    if (field.number == _INT64S and kind == 7) or (field.number == _UINT64S and kind in {12, 13}):
        return np.array(field.integers(), np.int64) if not field.content else varints(field.message())
    raise malformed("tensor")


def _widened(values: Array, kind: int) -> Array:
    if kind == BFLOAT16:
        return (values.astype(np.uint32) << 16).view(np.float32)
    if kind in FLOATS:
        with np.errstate(over="ignore"):
            return values.astype(np.float32)
    if values.size > _MOST_INTEGERS:
        raise too_large("integers", values.size, _MOST_INTEGERS)
    # "?" over raw bytes other than 0 and 1 would be an invalid bool
    return values.view(np.uint8) != 0 if kind == BOOL else values.astype(np.int64)
