"""Joining, cutting, padding and picking. Source: ONNX operators."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Numbers, Operator, Value, at_axis
from photoguard.encoders.onnx.unusable import malformed, unknown_operator

_MOST_PADDING = 1 << 16


def concat(attributes: Attributes, _version: int) -> Apply:
    axis = attributes.integer("axis", 1)
    return lambda *parts: torch.cat(parts, axis)


def split(attributes: Attributes, version: int) -> Apply:
    axis = attributes.integer("axis", 0)
    named = attributes.integers("split") if version < 13 else None
    count = attributes.integer("num_outputs", attributes.outputs) if version >= 18 else attributes.outputs

    def apply(x: torch.Tensor, given: Numbers | None = None) -> Value:
        sizes = named if given is None else given
        side = x.shape[at_axis(axis, x.ndim)]
        if sizes is None:
            if count < 1:
                raise malformed("split")
            piece = -(-side // count)
            sizes = tuple(max(0, min(piece, side - place * piece)) for place in range(count))
        return tuple(torch.split(x, list(sizes), axis))

    return apply


def slice_(attributes: Attributes, version: int) -> Apply:
    if version < 10:
        starts, ends = attributes.integers("starts"), attributes.integers("ends")
        axes = attributes.integers("axes")
        if starts is None or ends is None:
            raise malformed("attribute")
        return lambda x: _cut(x, starts, ends, axes, None)
    return _cut


def _cut(
    x: torch.Tensor, starts: Numbers, ends: Numbers, axes: Numbers | None = None, steps: Numbers | None = None
) -> torch.Tensor:
    axes = tuple(range(len(starts))) if axes is None else axes
    steps = (1,) * len(starts) if steps is None else steps
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        place = at_axis(axis, x.ndim)
        if step == 0:
            raise malformed("slice")
        chosen = range(*slice(start, _end(end, step), step).indices(x.shape[place]))
        if step > 0:
            x = x[(slice(None),) * place + (slice(chosen.start, max(chosen.start, chosen.stop), step),)]
        else:
            x = x.index_select(place, torch.tensor(chosen, dtype=torch.int64, device=x.device))
    return x


def _end(end: int, step: int) -> int | None:
    """Python reads -1 as the last element; far below zero ONNX means "to the very front", as Python does too."""
    return None if step < 0 and end < -(1 << 31) else end


def gather(attributes: Attributes, _version: int) -> Apply:
    axis = attributes.integer("axis", 0)

    def apply(x: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
        place = at_axis(axis, x.ndim)
        if indices.is_floating_point():
            raise malformed("gather")
        forward = torch.where(indices < 0, indices + x.shape[place], indices)
        picked = x.index_select(place, forward.flatten())
        return picked.reshape((*x.shape[:place], *indices.shape, *x.shape[place + 1 :]))

    return apply


def pad(attributes: Attributes, version: int) -> Apply:
    mode = attributes.text("mode", "constant")
    if mode not in {"constant", "reflect", "edge", "wrap"}:
        raise unknown_operator("Pad.mode")
    if version < 11:
        pads = attributes.integers("pads")
        value = attributes.number("value", 0.0)
        if pads is None:
            raise malformed("attribute")
        return lambda x: _padded(x, pads, (value,), None, mode)
    return lambda x, pads, value=None, axes=None: _padded(x, pads, value, axes, mode)


def _padded(x: torch.Tensor, pads: Numbers, value: Numbers | None, axes: Numbers | None, mode: str) -> torch.Tensor:
    places = [at_axis(axis, x.ndim) for axis in axes] if axes is not None else list(range(x.ndim))
    if len(pads) != 2 * len(places) or any(abs(amount) > _MOST_PADDING for amount in pads):
        raise malformed("pad")
    margins = {place: (pads[i], pads[i + len(places)]) for i, place in enumerate(places)}
    if mode == "constant":
        flat = [amount for place in reversed(range(x.ndim)) for amount in margins.get(place, (0, 0))]
        return F.pad(x, flat, value=value[0] if value else 0)
    for place, (before, after) in margins.items():
        if before or after:
            x = x.index_select(place, _mirrored(x.shape[place], before, after, mode).to(x.device))
    return x


def _mirrored(side: int, before: int, after: int, mode: str) -> torch.Tensor:
    """Which element stands at each place of an axis that grew by ``before`` and ``after``."""
    places = torch.arange(-before, side + after)
    if side < 1:
        raise malformed("pad")
    if mode == "edge":
        return places.clamp(0, side - 1)
    if mode == "wrap":
        return places % side
    period = max(1, 2 * (side - 1))
    folded = places % period
    return torch.where(folded < side, folded, period - folded)


OPERATORS = {
    "Concat": Operator(concat),
    "Split": Operator(split, frozenset({1})),
    "Slice": Operator(slice_, frozenset({1, 2, 3, 4})),
    "Gather": Operator(gather),
    "Pad": Operator(pad, frozenset({1, 2, 3})),
}
