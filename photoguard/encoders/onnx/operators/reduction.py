"""Reductions along axes. Source: ONNX operators, Reduce* and ArgMax."""

from __future__ import annotations

from collections.abc import Callable

import torch

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Numbers, Operator, at_axis

_Reduce = Callable[[torch.Tensor, tuple[int, ...], bool], torch.Tensor]


def reduction(reduce: _Reduce, *, axes_since: int = 18) -> Operator:
    """An operator whose axes are an attribute until version ``axes_since``, then an input; all axes when none is named."""

    def build(attributes: Attributes, version: int) -> Apply:
        keeps = bool(attributes.integer("keepdims", 1))
        named = attributes.integers("axes") if version < axes_since else None
        is_idle = version >= axes_since and bool(attributes.integer("noop_with_empty_axes", 0))

        def apply(x: torch.Tensor, given: Numbers | None = None) -> torch.Tensor:
            axes = (named if given is None else given) or ()
            if not axes and is_idle:
                return x
            places = tuple(at_axis(int(axis), x.ndim) for axis in axes) or tuple(range(x.ndim))
            return reduce(x, places, keeps)

        return apply

    return Operator(build, frozenset({1}))


def _mean(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return x.mean(axes, keepdim=keeps)


def _sum(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return x.sum(axes, keepdim=keeps)


def _product(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    for axis in sorted(axes, reverse=True):
        x = x.prod(axis, keepdim=keeps)
    return x


def _l1(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return x.abs().sum(axes, keepdim=keeps)


def _l2(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    length: torch.Tensor = torch.linalg.vector_norm(x, dim=axes, keepdim=keeps)
    return length


def _squares(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return x.square().sum(axes, keepdim=keeps)


def _log_sum_exp(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return torch.logsumexp(x, axes, keepdim=keeps)


def _most(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return x.amax(axes, keepdim=keeps)


def _least(x: torch.Tensor, axes: tuple[int, ...], keeps: bool) -> torch.Tensor:
    return x.amin(axes, keepdim=keeps)


OPERATORS = {
    "ReduceMean": reduction(_mean),
    "ReduceSum": reduction(_sum, axes_since=13),
    "ReduceProd": reduction(_product),
    "ReduceL1": reduction(_l1),
    "ReduceL2": reduction(_l2),
    "ReduceSumSquare": reduction(_squares),
    "ReduceLogSumExp": reduction(_log_sum_exp),
    "ReduceMax": reduction(_most),
    "ReduceMin": reduction(_least),
}
