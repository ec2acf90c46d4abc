"""Structural similarity (Wang et al. 2004), differentiable."""

from __future__ import annotations

import torch

from photoguard.perception.blurring import blurred, gaussian


def ssim(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Mean SSIM of two pictures (n, c, h, w) in 0..1; 11-tap Gaussian of sigma 1.5, differentiable."""
    window = gaussian(1.5, 5)
    channels = one.shape[1]
    # without padding: the border's zeros are nobody's pixels
    stack = blurred(torch.cat((one, other, one * one, other * other, one * other), 1), window)
    edge = len(window) // 2
    if min(one.shape[2:]) > 2 * edge:
        stack = stack[:, :, edge:-edge, edge:-edge]
    mean, mean_other, square, square_other, product = torch.split(stack, channels, 1)
    covariance = product - mean * mean_other
    spread = square - mean * mean + square_other - mean_other * mean_other
    c1, c2 = 0.01**2, 0.03**2
    top = (2 * mean * mean_other + c1) * (2 * covariance + c2)
    return (top / ((mean * mean + mean_other * mean_other + c1) * (spread + c2))).mean()
