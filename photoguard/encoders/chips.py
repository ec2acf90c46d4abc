"""Cuts aligned face chips out of pictures, the way swap tools and recognisers do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F


def cut(
    picture: torch.Tensor, matrix: npt.NDArray[np.float64], size: int, *, is_black_outside: bool = True
) -> torch.Tensor:
    """The chip (n, c, size, size) that ``matrix`` (2 x 3, picture to chip pixels) aligns; differentiable.

    Bilinear without antialiasing and black outside, as OpenCV's ``warpAffine`` in the insightface family (others repeat
    the border instead); pixel centres lie at integers. A picture much larger than the chip should be reduced first where
    the reader would.
    """
    inverse = np.linalg.inv(np.vstack([matrix, (0.0, 0.0, 1.0)]))[:2]
    rows, columns = picture.shape[2:]
    # chip pixels -> picture pixels -> grid_sample's -1..1, where -1 is the outer edge of the first pixel
    scale = np.array([[2 / columns], [2 / rows]])
    theta = inverse * scale
    theta[:, 2] += np.array([1 / columns, 1 / rows]) - 1
    steps = torch.arange(size, dtype=torch.float64)
    v, u = torch.meshgrid(steps, steps, indexing="ij")
    grid = torch.stack((u, v, torch.ones_like(u)), -1) @ torch.from_numpy(theta).T
    grid = grid.to(picture)[None].expand(picture.shape[0], -1, -1, -1)
    outside = "zeros" if is_black_outside else "border"
    return F.grid_sample(picture, grid, mode="bilinear", padding_mode=outside, align_corners=False)
