"""Linear light and its derivative."""

from __future__ import annotations

import torch

from photoguard.perception.colour import linear_and_slope, linear_from_srgb


def test_the_slope_is_the_derivative() -> None:
    shades = torch.linspace(0, 1, 256).view(1, 1, 16, 16)
    point = shades.clone().requires_grad_()
    plain = linear_from_srgb(point)
    (derivative,) = torch.autograd.grad(plain.sum(), point)
    light, slope = linear_and_slope(shades)
    assert torch.allclose(light, plain.detach(), atol=1e-6)
    assert torch.allclose(slope, derivative, rtol=1e-4)
