"""Reads the layers of a network that dlib serialised, without dlib and without unpickling.

dlib writes an integer as one control byte (low four bits: number of value bytes, high bit: negative) and the
value little-endian; a string as its length and bytes; a tensor as the version 2, four integers (samples, k, rows,
columns) and little-endian float32 values. Layers follow each other from the input to the output, each led by its
name. Source: dlib's ``serialize.h`` and ``dnn/layers.h`` (formats), read from the bytes of the CC0 file itself.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoguard.errors import Failed, ProblemCode

SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
CONVOLUTIONS = 29

_CONVOLUTION = b"con_4"
_AFFINE = b"affine_"
_DENSE = b"fc_2"
_Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Convolution:
    """One convolution and the affine layer behind it."""

    weight: _Array
    """(filters, channels, rows, columns)"""
    bias: _Array
    scale: _Array
    shift: _Array


@dataclass(frozen=True)
class ResNetWeights:
    convolutions: tuple[Convolution, ...]
    dense: _Array
    """(256, 128): inputs x outputs, no bias."""


class _Reader:
    """A cursor over dlib's serialised values."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position

    def integer(self) -> int:
        control = self.data[self.position]
        length = control & 0x0F
        start = self.position + 1
        self.position = start + length
        value = int.from_bytes(self.data[start : self.position], "little")
        return -value if control & 0x80 else value

    def floats(self) -> _Array:
        if self.integer() != 2:
            raise ValueError
        shape = [self.integer() for _ in range(4)]
        count = math.prod(shape)
        if min(shape) < 0 or 4 * count > len(self.data) - self.position:
            raise ValueError
        values = np.frombuffer(self.data, "<f4", count, self.position)
        self.position += 4 * count
        return values.astype(np.float32)


def read_resnet(path: Path) -> ResNetWeights:
    """Return the weights of dlib's face recognition ResNet.

    Raises ``Failed(MODEL_BROKEN)`` when the file is not byte for byte that network.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Failed(ProblemCode.MODEL_BROKEN, model="dlib") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise Failed(ProblemCode.MODEL_BROKEN, model="dlib")
    return parse(data)


def parse(data: bytes) -> ResNetWeights:
    """Return the layers found in dlib's serialised network ``data``.

    Raises ``Failed(MODEL_BROKEN)`` when there are not 29 convolutions and one dense layer.
    """
    try:
        return _layers(data)
    except (ValueError, IndexError, OverflowError, MemoryError) as error:
        raise Failed(ProblemCode.MODEL_BROKEN, model="dlib") from error


def _layers(data: bytes) -> ResNetWeights:
    names = re.compile(rb"\x01\x05con_4|\x01\x07affine_|\x01\x04fc_2")
    pending: tuple[_Array, _Array] | None = None
    convolutions: list[Convolution] = []
    dense: _Array | None = None
    position = 0
    while match := names.search(data, position):
        name = match.group()[2:]
        reader = _Reader(data, match.end())
        if name == _CONVOLUTION:
            run = reader.floats()
            filters, rows, columns = (reader.integer() for _ in range(3))
            weight = run[:-filters].reshape(filters, -1, rows, columns)
            pending = weight, run[-filters:]
        elif name == _AFFINE and pending is not None:
            run = reader.floats()
            half = run.size // 2
            convolutions.append(Convolution(*pending, run[:half], run[half:]))
            pending = None
        elif name == _DENSE:
            outputs, inputs = reader.integer(), reader.integer()
            dense = reader.floats().reshape(inputs, outputs)
        position = reader.position
    if len(convolutions) != CONVOLUTIONS or dense is None:
        raise ValueError
    return ResNetWeights(tuple(convolutions), dense)
