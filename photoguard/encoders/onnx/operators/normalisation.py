"""Normalisations. Source: ONNX operators; all in inference, where batch statistics are constants of the file."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator, at_axis
from photoguard.encoders.onnx.unusable import malformed, unfit


def batch_normalization(attributes: Attributes, version: int) -> Apply:
    epsilon = attributes.number("epsilon", 1e-5)
    # "spatial" 0 with one value per channel is a mistake of old exporters and means 1
    attributes.ignore("momentum", "spatial", "consumed_inputs")
    if version < 7:
        attributes.ignore("is_test")
    if attributes.integer("training_mode", 0):
        raise unfit("training")

    def apply(
        x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor, mean: torch.Tensor, variance: torch.Tensor
    ) -> torch.Tensor:
        if {tuple(part.shape) for part in (scale, shift, mean, variance)} != {(x.shape[1],)}:
            raise malformed("batch_normalization")
        return F.batch_norm(x, mean, variance, scale, shift, training=False, eps=epsilon)

    return apply


def instance_normalization(attributes: Attributes, _version: int) -> Apply:
    epsilon = attributes.number("epsilon", 1e-5)
    attributes.ignore("consumed_inputs")

    def apply(x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
        axes = tuple(range(2, x.ndim))
        centred = x - x.mean(axes, keepdim=True)
        spread = torch.rsqrt(centred.square().mean(axes, keepdim=True) + epsilon)
        by_channel = (-1, *(1,) * len(axes))
        return centred * spread * scale.view(by_channel) + shift.view(by_channel)

    return apply


def layer_normalization(attributes: Attributes, _version: int) -> Apply:
    axis = attributes.integer("axis", -1)
    epsilon = attributes.number("epsilon", 1e-5)
    attributes.ignore("stash_type")
    if attributes.outputs > 1:
        raise unfit("training")

    def apply(x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor | None = None) -> torch.Tensor:
        axes = tuple(range(at_axis(axis, x.ndim), x.ndim))
        centred = x - x.mean(axes, keepdim=True)
        normal = centred * torch.rsqrt(centred.square().mean(axes, keepdim=True) + epsilon) * scale
        return normal if shift is None else normal + shift

    return apply


def lp_normalization(attributes: Attributes, _version: int) -> Apply:
    axis = attributes.integer("axis", -1)
    power = attributes.integer("p", 2)
    if power not in {1, 2}:
        raise malformed("attribute")
    return lambda x: F.normalize(x, p=power, dim=at_axis(axis, x.ndim))


OPERATORS = {
    "BatchNormalization": Operator(batch_normalization),
    "InstanceNormalization": Operator(instance_normalization),
    "LayerNormalization": Operator(layer_normalization),
    "LpNormalization": Operator(lp_normalization),
}
