"""The safetensors format: names, shapes and raw numbers, and nothing that could run.

Eight bytes with the length of a JSON header, the header, then the numbers (github.com/huggingface/safetensors).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from photoguard.errors import Failed, ProblemCode

Array = npt.NDArray[Any]

_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U8": "<u1",
    "BOOL": "?",
}
_MOST_HEADER_BYTES = 10 << 20
_MOST_TENSORS = 20_000


def tensors(data: bytes, model: str) -> dict[str, Array]:
    """The arrays in ``data``, as views into it. Raises ``Failed(MODEL_MALFORMED)``."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(_MOST_HEADER_BYTES, len(data) - 8):
        raise _malformed(model, "header")
    try:
        header = json.loads(data[8 : 8 + length].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _malformed(model, "header") from error
    if not isinstance(header, dict) or len(header) > _MOST_TENSORS:
        raise _malformed(model, "header")
    header.pop("__metadata__", None)
    body = memoryview(data)[8 + length :]
    found, end = {}, 0
    # the numbers must fill the file without gaps or overlaps: nothing can hide between them
    try:
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            array = _array(entry, body, end)
            found[name], end = array, entry["data_offsets"][1]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _malformed(model, "tensor") from error
    if end != len(body):
        raise _malformed(model, "length")
    return found


def written(arrays: Mapping[str, Array]) -> bytes:
    """``arrays`` as a safetensors file; the same arrays always give the same bytes."""
    kinds = {np.dtype(kind): name for name, kind in _TYPES.items()}
    header: dict[str, object] = {}
    parts, end = [], 0
    for name, array in sorted(arrays.items()):
        part = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
        kind = kinds[array.dtype.newbyteorder("<")]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [end, end + len(part)]}
        parts.append(part)
        end += len(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def _array(entry: Mapping[str, Any], body: memoryview, start: int) -> Array:
    kind, shape, (begin, end) = np.dtype(_TYPES[entry["dtype"]]), entry["shape"], entry["data_offsets"]
    if not all(type(number) is int and number >= 0 for number in (*shape, begin, end)) or len(shape) > 8:
        raise ValueError(shape)
    if begin != start or end > len(body) or math.prod(shape) * kind.itemsize != end - begin:
        raise ValueError(begin)
    return np.frombuffer(body[begin:end], kind).reshape(shape)


def _malformed(model: str, place: str) -> Failed:
    return Failed(ProblemCode.MODEL_MALFORMED, model=model, place=place)
