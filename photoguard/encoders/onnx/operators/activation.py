"""Functions of one number each. Source: ONNX operators."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator, at_axis, plain
from photoguard.encoders.onnx.unusable import malformed
from photoguard.encoders.slopes import sloped

_SELU_ALPHA, _SELU_GAMMA = 1.67326319217681884765625, 1.05070102214813232421875


def prelu(_attributes: Attributes, version: int) -> Apply:
    def apply(x: torch.Tensor, slope: torch.Tensor) -> torch.Tensor:
        # before version 7, and in many later files too, a row of slopes belongs to the channels
        if slope.ndim == 1 and x.ndim > 2 and slope.numel() == x.shape[1]:
            fits = version >= 7 and slope.numel() == x.shape[-1]
            if not fits:
                slope = slope.view(-1, *(1,) * (x.ndim - 2))
        is_by_channel = slope.ndim == x.ndim - 1 and slope.numel() == slope.shape[0]
        if slope.numel() == 1 or (is_by_channel and slope.shape[0] == x.shape[1]):
            return sloped(x, slope)
        return torch.where(x < 0, x * slope, x)

    return apply


def leaky_relu(attributes: Attributes, _version: int) -> Apply:
    slope = attributes.number("alpha", 0.01)
    attributes.ignore("consumed_inputs")
    return lambda x: F.leaky_relu(x, slope)


def clip(attributes: Attributes, version: int) -> Apply:
    if version < 11:
        attributes.ignore("consumed_inputs")
        low, high = attributes.number("min", -math.inf), attributes.number("max", math.inf)
        return lambda x: _between(x, low, high)

    def apply(
        x: torch.Tensor, least: tuple[float, ...] | None = None, most: tuple[float, ...] | None = None
    ) -> torch.Tensor:
        return _between(x, -math.inf if least is None else _only(least), math.inf if most is None else _only(most))

    return apply


def _between(x: torch.Tensor, low: float, high: float) -> torch.Tensor:
    if not x.is_floating_point():
        return x.clamp(*(None if math.isinf(bound) else int(bound) for bound in (low, high)))
    # the same as clamp with a backward that is vectorised; at the bounds themselves nothing passes
    return F.hardtanh(x, low, high) if low < high else x.clamp(low, high)


def _only(numbers: tuple[float, ...]) -> float:
    if len(numbers) != 1:
        raise malformed("clip")
    return numbers[0]


def hard_sigmoid(attributes: Attributes, _version: int) -> Apply:
    alpha, beta = attributes.number("alpha", 0.2), attributes.number("beta", 0.5)
    attributes.ignore("consumed_inputs")
    return lambda x: (x * alpha + beta).clamp(0, 1)


def elu(attributes: Attributes, _version: int) -> Apply:
    alpha = attributes.number("alpha", 1.0)
    attributes.ignore("consumed_inputs")
    return lambda x: F.elu(x, alpha)


def celu(attributes: Attributes, _version: int) -> Apply:
    alpha = attributes.number("alpha", 1.0)
    return lambda x: F.celu(x, alpha)


def selu(attributes: Attributes, _version: int) -> Apply:
    alpha, gamma = attributes.number("alpha", _SELU_ALPHA), attributes.number("gamma", _SELU_GAMMA)
    attributes.ignore("consumed_inputs")
    return lambda x: gamma * F.elu(x, alpha)


def gelu(attributes: Attributes, _version: int) -> Apply:
    approximate = attributes.text("approximate", "none")
    if approximate not in {"none", "tanh"}:
        raise malformed("attribute")
    return lambda x: F.gelu(x, approximate=approximate)


def softmax(attributes: Attributes, version: int) -> Apply:
    axis = attributes.integer("axis", -1 if version >= 13 else 1)
    return _over(axis, version, torch.softmax)


def log_softmax(attributes: Attributes, version: int) -> Apply:
    axis = attributes.integer("axis", -1 if version >= 13 else 1)
    return _over(axis, version, torch.log_softmax)


def _over(axis: int, version: int, function: Callable[[torch.Tensor, int], torch.Tensor]) -> Apply:
    def apply(x: torch.Tensor) -> torch.Tensor:
        place = at_axis(axis, x.ndim)
        if version >= 13:
            return function(x, place)
        # formerly over all axes from that one on
        return function(x.flatten(place), place).view(x.shape)

    return apply


def softplus(x: torch.Tensor) -> torch.Tensor:
    return F.softplus(x)


OPERATORS = {
    "PRelu": Operator(prelu),
    "Relu": plain(F.relu),
    "LeakyRelu": Operator(leaky_relu),
    "Clip": Operator(clip, frozenset({1, 2})),
    "Sigmoid": plain(torch.sigmoid),
    "HardSigmoid": Operator(hard_sigmoid),
    "HardSwish": plain(F.hardswish),
    "Tanh": plain(torch.tanh),
    "Elu": Operator(elu),
    "Celu": Operator(celu),
    "Selu": Operator(selu),
    "Gelu": Operator(gelu),
    "Mish": plain(F.mish),
    "Softplus": plain(softplus),
    "Softsign": plain(F.softsign),
    "Softmax": Operator(softmax),
    "LogSoftmax": Operator(log_softmax),
    "Erf": plain(torch.erf),
}
