"""Fast gradients are the true ones."""

from __future__ import annotations

import pytest
import torch

from photoguard.perception.blurring import blurred, gaussian, halved, mean_around

SIZES = pytest.mark.parametrize("size", [(8, 8), (7, 10), (13, 5)])


def picture(size: tuple[int, int]) -> torch.Tensor:
    return torch.randn(1, 3, *size, generator=torch.Generator().manual_seed(2), dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("taps", [3, 11])
@pytest.mark.parametrize("size", [(8, 8), (7, 10), (13, 5), (24, 19)])
def test_blurring_is_a_convolution_with_zeros_outside(size: tuple[int, int], taps: int) -> None:
    """In both of its ways: few pixels for each tap, and many."""
    x, window = picture(size), gaussian(taps / 7, taps // 2)
    row = torch.tensor(window, dtype=torch.float64)
    kernel = (row[:, None] * row[None]).expand(3, 1, taps, taps)
    assert torch.allclose(blurred(x, window), torch.nn.functional.conv2d(x, kernel, padding=taps // 2, groups=3))
    assert torch.autograd.gradcheck(lambda y: blurred(y, window), x)


@SIZES
def test_halving_takes_means_also_at_an_odd_end(size: tuple[int, int]) -> None:
    x = picture(size)
    half = halved(x)
    assert half.shape[2:] == tuple(-(-side // 2) for side in size)
    assert torch.allclose(half[0, 0, -1, -1], x[0, 0, 2 * half.shape[2] - 2 :, 2 * half.shape[3] - 2 :].mean())
    assert torch.autograd.gradcheck(halved, x)


def test_the_mean_around_a_pixel_repeats_the_border() -> None:
    x = torch.arange(12.0).view(1, 1, 3, 4)
    rows = torch.tensor([0, 0, 1, 2, 2])
    columns = torch.tensor([0, 0, 1, 2, 3, 3])
    wide = x[:, :, rows][:, :, :, columns]
    expected = torch.stack([wide[:, :, i : i + 3, j : j + 4] for i in range(3) for j in range(3)]).mean(0)
    assert torch.allclose(mean_around(x, 3), expected)
