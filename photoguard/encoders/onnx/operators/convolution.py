"""Convolution and its transpose, in one to three dimensions. Source: ONNX operators, Conv and ConvTranspose."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator
from photoguard.encoders.onnx.unusable import malformed, unknown_operator

_CONVOLVE = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def margins(
    auto: str, sides: Sequence[int], kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Padding before and after along each axis that ``auto`` (SAME_UPPER, SAME_LOWER or VALID) asks for."""
    pads = []
    for side, length, stride, dilation in zip(sides, kernel, strides, dilations, strict=True):
        missing = (-(-side // stride) - 1) * stride + (length - 1) * dilation + 1 - side
        missing = 0 if auto == "VALID" else max(0, missing)
        less, more = missing // 2, missing - missing // 2
        pads.append((less, more) if auto == "SAME_UPPER" else (more, less))
    return tuple(pads)


def pairs(pads: tuple[int, ...] | None, rank: int) -> tuple[tuple[int, int], ...]:
    """ONNX's pads (all starts, then all ends) as one pair per axis."""
    pads = pads or (0,) * (2 * rank)
    if len(pads) != 2 * rank:
        raise malformed("attribute")
    return tuple(zip(pads[:rank], pads[rank:], strict=True))


def padded(x: torch.Tensor, pads: Sequence[tuple[int, int]], value: float = 0.0) -> torch.Tensor:
    """``x`` with a margin along its last axes."""
    flat = [amount for pair in reversed(pads) for amount in pair]
    return F.pad(x, flat, value=value)


def auto_pad(attributes: Attributes) -> str:
    auto = attributes.text("auto_pad", "NOTSET") or "NOTSET"
    if auto not in {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"}:
        raise malformed("attribute")
    return auto


def conv(attributes: Attributes, _version: int) -> Apply:
    auto = auto_pad(attributes)
    groups = attributes.integer("group", 1)
    dilations = attributes.counts("dilations", least=1)
    strides = attributes.counts("strides", least=1)
    kernel = attributes.counts("kernel_shape", least=1)
    pads = attributes.counts("pads", least=0)
    if groups < 1:
        raise malformed("attribute")

    def apply(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        size = tuple(weight.shape[2:])
        rank = len(size)
        if kernel is not None and kernel != size:
            raise malformed("attribute")
        steps, spread = strides or (1,) * rank, dilations or (1,) * rank
        around = pairs(pads, rank) if auto == "NOTSET" else margins(auto, x.shape[2:], size, steps, spread)
        if all(before == after for before, after in around):
            both = tuple(before for before, _ in around)
        else:
            x, both = padded(x, around), (0,) * rank
        is_dense = groups == 1 and {*size, *steps} == {1} and not any(both)
        if is_dense and x.ndim == 4 and x.is_contiguous(memory_format=torch.channels_last):
            # a matrix product on the pixels as they lie; a tenth faster
            return F.linear(x.permute(0, 2, 3, 1), weight.flatten(1), bias).permute(0, 3, 1, 2)
        return _CONVOLVE[rank](x, weight, bias, steps, both, spread, groups)

    return apply


def conv_transpose(attributes: Attributes, _version: int) -> Apply:
    if auto_pad(attributes) != "NOTSET" or attributes.has("output_shape"):
        raise unknown_operator("ConvTranspose.auto_pad")
    groups = attributes.integer("group", 1)
    dilations = attributes.counts("dilations", least=1)
    strides = attributes.counts("strides", least=1)
    attributes.ignore("kernel_shape")
    extra = attributes.counts("output_padding", least=0)
    pads = attributes.counts("pads", least=0)
    if groups < 1:
        raise malformed("attribute")

    def apply(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        rank = weight.ndim - 2
        steps, spread, more = (
            given or (default,) * rank for given, default in ((strides, 1), (dilations, 1), (extra, 0))
        )
        whole = _TRANSPOSE[rank](x, weight, bias, steps, 0, more, groups, spread)
        return padded(whole, [(-before, -after) for before, after in pairs(pads, rank)])

    return apply


OPERATORS = {"Conv": Operator(conv), "ConvTranspose": Operator(conv_transpose)}
