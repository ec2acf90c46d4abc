"""Reads protobuf's wire format within bounds; nothing is copied, nothing is believed.

A message is a row of fields, each led by a varint of field number and kind. Source: Protocol Buffers, "Encoding".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from photoguard.encoders.onnx.unusable import malformed, too_large

_MOST_FIELDS = 1_000_000
"""A recogniser of 1,000 nodes has about 20,000; without a limit a file of empty fields would take hours."""
_MOST_VARINTS = 1 << 22
"""In one packed field; big tensors are stored raw, and each of these costs 40 bytes while it is read."""
_MOST_TEXT_BYTES = 4096
_LONGEST_VARINT = 10


class Kind(IntEnum):
    VARINT = 0
    FIXED64 = 1
    BYTES = 2
    FIXED32 = 5


@dataclass(frozen=True)
class Field:
    number: int
    kind: Kind
    value: int
    """Of a varint, unsigned; the raw bits of a fixed number; 0 for bytes."""
    content: memoryview
    """Of bytes; empty for numbers."""

    def integer(self) -> int:
        """A signed 64-bit integer."""
        self._must_be(Kind.VARINT)
        return self.value - (1 << 64) if self.value >> 63 else self.value

    def number32(self) -> float:
        """A float of 32 bits."""
        self._must_be(Kind.FIXED32)
        return float(np.frombuffer(self.value.to_bytes(4, "little"), "<f4")[0])

    def text(self) -> str:
        self._must_be(Kind.BYTES)
        if len(self.content) > _MOST_TEXT_BYTES:
            raise malformed("text")
        try:
            return bytes(self.content).decode()
        except UnicodeDecodeError as error:
            raise malformed("text") from error

    def message(self) -> memoryview:
        self._must_be(Kind.BYTES)
        return self.content

    def integers(self) -> tuple[int, ...]:
        """Of a repeated integer: one, or a packed row of them."""
        if self.kind is Kind.VARINT:
            return (self.integer(),)
        return tuple(varints(self.message()).tolist())

    def numbers32(self) -> tuple[float, ...]:
        """Of a repeated float: one, or a packed row of them."""
        if self.kind is Kind.FIXED32:
            return (self.number32(),)
        return tuple(float(x) for x in packed(self.message(), "<f4"))

    def _must_be(self, kind: Kind) -> None:
        if self.kind is not kind:
            raise malformed("field")


_NOTHING = memoryview(b"")


class Wire:
    """Walks the messages of one file; counts fields over all of them."""

    def __init__(self) -> None:
        self._left = _MOST_FIELDS

    def fields(self, message: memoryview) -> Iterator[Field]:
        """The fields of ``message`` in their order. Raises ``Unusable`` at the first that is not sound."""
        position, end = 0, len(message)
        while position < end:
            self._left -= 1
            if self._left < 0:
                raise too_large("fields", _MOST_FIELDS + 1, _MOST_FIELDS)
            key, position = _varint(message, position)
            number = key >> 3
            try:
                kind = Kind(key & 7)
            except ValueError as error:
                raise malformed("field") from error
            if number == 0:
                raise malformed("field")
            value, length = 0, 0
            if kind is Kind.VARINT:
                value, position = _varint(message, position)
            elif kind is Kind.BYTES:
                length, position = _varint(message, position)
            else:
                length = 8 if kind is Kind.FIXED64 else 4
            if length > end - position:
                raise malformed("length")
            content = message[position : position + length]
            position += length
            if kind in {Kind.FIXED64, Kind.FIXED32}:
                value, content = int.from_bytes(content, "little"), _NOTHING
            yield Field(number, kind, value, content)


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_VARINT):
        if position >= len(message):
            raise malformed("length")
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position
    raise malformed("varint")


def varints(content: memoryview) -> npt.NDArray[np.int64]:
    """The signed integers of a packed field."""
    raw = np.frombuffer(content, np.uint8)
    if raw.size == 0:
        return np.zeros(0, np.int64)
    is_last = raw < 0x80
    count = int(np.count_nonzero(is_last))
    if count > _MOST_VARINTS:
        raise too_large("varints", count, _MOST_VARINTS)
    if not is_last[-1]:
        raise malformed("length")
    ends = np.flatnonzero(is_last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if lengths.max() > _LONGEST_VARINT:
        raise malformed("varint")
    values = np.zeros(count, np.uint64)
    for place in range(int(lengths.max())):
        reaches = lengths > place
        bits = (raw[starts[reaches] + place] & 0x7F).astype(np.uint64)
        values[reaches] |= bits << np.uint64(7 * place)
    return values.view(np.int64)


def packed(content: memoryview, kind: str) -> npt.NDArray[np.generic]:
    """The fixed-size numbers (numpy's ``kind``) of a packed field; a view of the file."""
    if len(content) % np.dtype(kind).itemsize:
        raise malformed("length")
    return np.frombuffer(content, kind)
