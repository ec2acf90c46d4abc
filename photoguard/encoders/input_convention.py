"""How a recogniser wants its pixels: channel order, range, mean and spread, read from one line of a model list."""

from __future__ import annotations

import re
from dataclasses import dataclass

Triple = tuple[float, float, float]

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_TRIPLE = rf"\(({_NUMBER}),\s*({_NUMBER}),\s*({_NUMBER})\)"
_SHORT = re.compile(rf"(rgb|bgr)-({_NUMBER})")
_CENTRED = re.compile(rf"\(x\s*-\s*({_NUMBER})\)\s*/\s*({_NUMBER})")
_SIZE = re.compile(r"([0-9]{2,4})x([0-9]{2,4})(?:\s*\(.*\))?")


@dataclass(frozen=True)
class InputConvention:
    """A chip's values in 0..1 become ``(value * top - mean) / spread``, channel by channel."""

    is_bgr: bool = False
    top: float = 1.0
    mean: Triple = (0.0, 0.0, 0.0)
    """In the order of the recogniser's channels."""
    spread: Triple = (1.0, 1.0, 1.0)
    size: int | None = None
    """Side of the chip in pixels; None where the line does not say."""


def parse(line: str) -> InputConvention:
    """The convention in ``line``; raises ``ValueError`` for anything that is not understood to the last word.

    >>> parse("RGB, (x-127.5)/128, 112x112").spread
    (128.0, 128.0, 128.0)

    Parts, by commas: ``RGB`` or ``BGR``; ``0..1``, ``0..255``, ``-1..1`` or ``(x-MEAN)/SPREAD``, x in 0..255; ``minus (r,
    g, b)``; ``over (r, g, b)``; ``112x112``. Remarks follow a semicolon or stand in brackets behind the size. Short:
    ``rgb-127.5`` for ``RGB, (x-127.5)/127.5``.
    """
    if short := _SHORT.fullmatch(line.strip()):
        middle = _same(float(short[2]))
        return _checked(InputConvention(short[1] == "bgr", 255.0, middle, middle))
    order, *parts = (part.strip() for part in re.split(r",(?![^(]*\))", line.split(";", maxsplit=1)[0]))
    if order not in {"RGB", "BGR"}:
        raise ValueError(order)
    top: float | None = None
    mean, spread = _same(0.0), _same(1.0)
    size: int | None = None
    for part in parts:
        if part in {"0..1", "0..255"} and top is None:
            top = float(part[3:])
        elif part == "-1..1" and top is None:
            top, mean, spread = 1.0, _same(0.5), _same(0.5)
        elif (centred := _CENTRED.fullmatch(part)) and top is None:
            top, mean, spread = 255.0, _same(float(centred[1])), _same(float(centred[2]))
        elif (less := re.fullmatch(f"minus {_TRIPLE}", part)) and top is not None:
            mean = _triple(less)
        elif (over := re.fullmatch(f"over {_TRIPLE}", part)) and top is not None:
            spread = _triple(over)
        elif (square := _SIZE.fullmatch(part)) and square[1] == square[2] and size is None:
            size = int(square[1])
        else:
            raise ValueError(part)
    if top is None:
        raise ValueError(line)
    return _checked(InputConvention(order == "BGR", top, mean, spread, size))


def _checked(convention: InputConvention) -> InputConvention:
    if min(convention.spread) <= 0:
        raise ValueError
    return convention


def _same(value: float) -> Triple:
    return (value, value, value)


def _triple(match: re.Match[str]) -> Triple:
    return (float(match[1]), float(match[2]), float(match[3]))
