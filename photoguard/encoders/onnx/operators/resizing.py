"""Resampling on a new grid. Source: ONNX operators, Resize and Upsample, and onnx's reference for the coordinates."""

from __future__ import annotations

import math

import torch

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Numbers, Operator
from photoguard.encoders.onnx.unusable import malformed, unknown_operator

_MODES = {"nearest", "linear", "cubic"}
_PLACES = {"half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric"}
_ROUNDINGS = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"}
_LONGEST_SIDE = 1 << 14


class _Grid:
    """Where each new sample lies on the old axis, and how the samples around it are weighed."""

    def __init__(self, mode: str, place: str, rounding: str, cubic: float) -> None:
        self.mode, self.place, self.rounding, self.cubic = mode, place, rounding, cubic

    def resampled(self, x: torch.Tensor, axis: int, length: int, scale: float) -> torch.Tensor:
        if length == x.shape[axis] and scale == 1:
            return x
        side = x.shape[axis]
        if not 0 < length <= _LONGEST_SIDE or side < 1 or not math.isfinite(scale) or scale <= 0:
            raise malformed("resize")
        at = self._positions(side, length, scale)
        if self.mode == "nearest":
            return x.index_select(axis, self._rounded(at).clamp(0, side - 1).long().to(x.device))
        first = at.floor()
        offsets = (0, 1) if self.mode == "linear" else (-1, 0, 1, 2)
        along = [1] * x.ndim
        along[axis] = -1
        total: torch.Tensor | None = None
        for offset in offsets:
            index = (first + offset).clamp(0, side - 1).long().to(x.device)
            weight = self._weight((at - first - offset).abs()).to(x.device, x.dtype).view(along)
            part = x.index_select(axis, index) * weight
            total = part if total is None else total + part
        assert total is not None
        return total

    def _positions(self, side: int, length: int, scale: float) -> torch.Tensor:
        new = torch.arange(length, dtype=torch.float64)
        if self.place == "asymmetric":
            return new / scale
        if self.place == "align_corners":
            return new * ((side - 1) / (length - 1) if length > 1 else 0.0)
        if self.place == "pytorch_half_pixel" and length == 1:
            return torch.zeros(1, dtype=torch.float64)
        at = (new + 0.5) / scale - 0.5
        if self.place == "half_pixel_symmetric":
            at = at + side / 2 * (1 - length / (scale * side))
        return at

    def _rounded(self, at: torch.Tensor) -> torch.Tensor:
        if self.rounding == "floor":
            return at.floor()
        if self.rounding == "ceil":
            return at.ceil()
        return (at - 0.5).ceil() if self.rounding == "round_prefer_floor" else (at + 0.5).floor()

    def _weight(self, away: torch.Tensor) -> torch.Tensor:
        if self.mode == "linear":
            return 1 - away
        a = self.cubic
        near = (a + 2) * away**3 - (a + 3) * away**2 + 1
        far = a * away**3 - 5 * a * away**2 + 8 * a * away - 4 * a
        return torch.where(away <= 1, near, torch.where(away < 2, far, 0.0))


def resize(attributes: Attributes, version: int) -> Apply:
    mode = attributes.text("mode", "nearest")
    place = attributes.text("coordinate_transformation_mode", "half_pixel" if version >= 11 else "asymmetric")
    rounding = attributes.text("nearest_mode", "round_prefer_floor" if version >= 11 else "floor")
    cubic = attributes.number("cubic_coeff_a", -0.75)
    attributes.ignore("extrapolation_value")
    for option in ("antialias", "exclude_outside"):
        if attributes.integer(option, 0):
            raise unknown_operator(f"Resize.{option}")
    if attributes.has("axes") or attributes.text("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise unknown_operator("Resize.axes")
    if mode not in _MODES or place not in _PLACES or rounding not in _ROUNDINGS:
        raise unknown_operator("Resize.mode")
    grid = _Grid(mode, place, rounding, cubic)

    def by_scales(x: torch.Tensor, scales: Numbers) -> torch.Tensor:
        if len(scales) != x.ndim:
            raise malformed("resize")
        for axis, scale in enumerate(scales):
            x = grid.resampled(x, axis, math.floor(x.shape[axis] * scale), scale)
        return x

    def apply(
        x: torch.Tensor, _region: Numbers | None = None, scales: Numbers | None = None, sizes: Numbers | None = None
    ) -> torch.Tensor:
        if scales:
            return by_scales(x, scales)
        if not sizes or len(sizes) != x.ndim:
            raise malformed("resize")
        for axis, length in enumerate(sizes):
            x = grid.resampled(x, axis, length, length / max(1, x.shape[axis]))
        return x

    return apply if version >= 11 else by_scales


def upsample(attributes: Attributes, version: int) -> Apply:
    if version < 9:
        scales = attributes.numbers("scales")
        if scales is None:
            raise malformed("attribute")
        given = scales
        apply = resize(attributes, 10)
        return lambda x: apply(x, given)
    return resize(attributes, 10)


OPERATORS = {
    "Resize": Operator(resize, frozenset({1, 2, 3})),
    "Upsample": Operator(upsample, frozenset({1})),
}
