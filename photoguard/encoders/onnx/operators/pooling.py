"""Pooling windows. Source: ONNX operators, MaxPool, AveragePool, GlobalAveragePool, GlobalMaxPool."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F

from photoguard.encoders.onnx.operators.convolution import auto_pad, margins, padded, pairs
from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator, plain
from photoguard.encoders.onnx.unusable import malformed, unknown_operator

_MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
_AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


class _Windows:
    """The geometry that both kinds of pooling share."""

    def __init__(self, attributes: Attributes) -> None:
        kernel = attributes.counts("kernel_shape", least=1)
        if kernel is None or len(kernel) not in _MAX:
            raise malformed("attribute")
        self.kernel = kernel
        self.rank = len(kernel)
        self.strides = attributes.counts("strides", least=1) or (1,) * self.rank
        self.dilations = attributes.counts("dilations", least=1) or (1,) * self.rank
        self.rounds_up = bool(attributes.integer("ceil_mode", 0))
        self._auto = auto_pad(attributes)
        self._pads = pairs(attributes.counts("pads", least=0), self.rank)
        if {len(self.strides), len(self.dilations)} != {self.rank}:
            raise malformed("attribute")

    def margins(self, sides: Sequence[int]) -> tuple[tuple[int, int], ...]:
        if self._auto == "NOTSET":
            return self._pads
        return margins(self._auto, sides, self.kernel, self.strides, self.dilations)

    def overhang(self, sides: Sequence[int]) -> tuple[int, ...]:
        """How far the last window reaches beyond ``sides`` (margins included) where the count of windows rounds up.

        A window that would start beyond the picture and its first margin is left out.
        """
        if not self.rounds_up or self._auto.startswith("SAME"):
            return (0,) * self.rank
        beyond = []
        geometry = zip(sides, self.kernel, self.strides, self.dilations, self.margins(sides), strict=True)
        for side, length, stride, dilation, (_, after) in geometry:
            reach = (length - 1) * dilation + 1
            steps = max(0, -(-(side - reach) // stride))
            if steps * stride >= side - after:
                steps -= 1
            beyond.append(max(0, steps * stride + reach - side))
        return tuple(beyond)


def max_pool(attributes: Attributes, _version: int) -> Apply:
    windows = _Windows(attributes)
    if attributes.outputs > 1:
        raise unknown_operator("MaxPool.Indices")
    attributes.ignore("storage_order")

    def apply(x: torch.Tensor) -> torch.Tensor:
        around = windows.margins(x.shape[2:])
        beyond = windows.overhang([side + sum(pair) for side, pair in zip(x.shape[2:], around, strict=True)])
        whole = [(before, after + more) for (before, after), more in zip(around, beyond, strict=True)]
        both: tuple[int, ...] = tuple(before for before, _ in whole)
        is_even = all(before == after for before, after in whole)
        if not is_even or any(2 * pad > length for pad, length in zip(both, windows.kernel, strict=True)):
            x, both = padded(x, whole, -math.inf), (0,) * windows.rank
        return _MAX[windows.rank](x, windows.kernel, windows.strides, both, windows.dilations)

    return apply


def average_pool(attributes: Attributes, _version: int) -> Apply:
    windows = _Windows(attributes)
    counts_margin = bool(attributes.integer("count_include_pad", 0))
    if set(windows.dilations) != {1}:
        raise unknown_operator("AveragePool.dilations")

    def apply(x: torch.Tensor) -> torch.Tensor:
        average = _AVERAGE[windows.rank]
        around = windows.margins(x.shape[2:])
        beyond = windows.overhang([side + sum(pair) for side, pair in zip(x.shape[2:], around, strict=True)])
        if not any(beyond) and not any(sum(pair) for pair in around):
            return average(x, windows.kernel, windows.strides)
        whole = [(before, after + more) for (before, after), more in zip(around, beyond, strict=True)]
        # what counts as part of a window: the picture, with its margin if asked for, never the overhang
        counted = x.new_ones((1, 1, *x.shape[2:]))
        if counts_margin:
            counted = padded(padded(counted, around, 1.0), [(0, more) for more in beyond])
        else:
            counted = padded(counted, whole)
        covered = average(counted, windows.kernel, windows.strides)
        return average(padded(x, whole), windows.kernel, windows.strides) / covered

    return apply


def _global_average(x: torch.Tensor) -> torch.Tensor:
    return x.mean(tuple(range(2, x.ndim)), keepdim=True)


def _global_max(x: torch.Tensor) -> torch.Tensor:
    return x.amax(tuple(range(2, x.ndim)), keepdim=True)


OPERATORS = {
    "MaxPool": Operator(max_pool),
    "AveragePool": Operator(average_pool),
    "GlobalAveragePool": plain(_global_average),
    "GlobalMaxPool": plain(_global_max),
}
