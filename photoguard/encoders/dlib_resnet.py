"""dlib's face recognition ResNet as a torch module that agrees with dlib itself.

29 convolutions, 150 x 150 RGB input, 128 values out (King 2017, "High Quality Face Recognition with Deep Metric
Learning"; weights CC0). Written down in dlib's ``dnn_face_recognition_ex.cpp`` as a type; rebuilt here from the
shapes in the weight file.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from photoguard.encoders.dlib_weights import Convolution, ResNetWeights, read_resnet
from photoguard.encoders.protocol import ChipInput
from photoguard.faces.dlib_files import RESNET, path_of

_MEAN = (122.782, 117.001, 104.298)
"""Subtracted from 0..255 values, then divided by 256 (dlib's ``input_rgb_image_sized``)."""

# residual blocks in order; True: the block halves the picture
_BLOCKS = (False,) * 3 + (True,) + (False,) * 3 + (True,) + (False,) * 2 + (True,) + (False,) * 2 + (True,)


class DlibResNet(nn.Module):
    """The network up to its 128 raw outputs; dlib compares them by Euclidean distance (0.6)."""

    name = "dlib"
    chip = ChipInput(template="dlib150", size=150)
    strangers = 0.83
    """Median over 5,293 pairs of different people among 105 portraits; its vectors share a large common part."""

    def __init__(self, weights: ResNetWeights) -> None:
        super().__init__()
        first, *rest = weights.convolutions
        self.stem = _fused(first, stride=2, padding=0)
        self.blocks = nn.ModuleList(
            _Residual(rest[2 * i], rest[2 * i + 1], halves=halves) for i, halves in enumerate(_BLOCKS)
        )
        self.dense = nn.Linear(weights.dense.shape[0], weights.dense.shape[1], bias=False)
        self.dense.weight.data = torch.from_numpy(weights.dense.T.copy())
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1))
        self.requires_grad_(False).eval()
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a fifth faster on processors

    def forward(self, chips: torch.Tensor) -> torch.Tensor:
        """Raw descriptors (n, 128) of RGB chips (n, 3, 150, 150) in 0..1."""
        mean = self.get_buffer("mean")
        x = F.relu(self.stem((chips * 255 - mean) / 256))
        x = F.max_pool2d(x, 3, 2)
        for block in self.blocks:
            x = block(x)
        out: torch.Tensor = self.dense(x.mean((2, 3)))
        return out

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, 128) of RGB chips (n, 3, 150, 150) in 0..1."""
        return F.normalize(self(chips), dim=1)


class _Residual(nn.Module):
    """conv, ReLU, conv, add, ReLU; differing shapes are zero-padded at their ends, as dlib's add_prev does."""

    def __init__(self, first: Convolution, second: Convolution, *, halves: bool) -> None:
        super().__init__()
        self.halves = halves
        self.first = _fused(first, stride=2 if halves else 1, padding=0 if halves else 1)
        self.second = _fused(second, stride=1, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.second(F.relu(self.first(x)))
        if not self.halves:
            return F.relu(y + x)
        shortcut = F.avg_pool2d(x, 2, 2)
        rows = max(y.shape[2], shortcut.shape[2])
        columns = max(y.shape[3], shortcut.shape[3])
        channels = max(y.shape[1], shortcut.shape[1])
        return F.relu(_grown(y, channels, rows, columns) + _grown(shortcut, channels, rows, columns))


def _grown(x: torch.Tensor, channels: int, rows: int, columns: int) -> torch.Tensor:
    missing = (0, columns - x.shape[3], 0, rows - x.shape[2], 0, channels - x.shape[1])
    return F.pad(x, missing) if any(missing) else x


def _fused(layer: Convolution, *, stride: int, padding: int) -> nn.Conv2d:
    """One convolution that includes the affine layer behind it."""
    filters, channels, rows, columns = layer.weight.shape
    fused = nn.Conv2d(channels, filters, (rows, columns), stride, padding)
    scale = torch.from_numpy(layer.scale)
    weight = torch.from_numpy(layer.weight) * scale.view(-1, 1, 1, 1)
    # denormal weights make some processors several times slower
    weight[weight.abs() < torch.finfo(torch.float32).tiny] = 0
    fused.weight.data = weight
    fused.bias = nn.Parameter(torch.from_numpy(layer.bias) * scale + torch.from_numpy(layer.shift))
    return fused


def load() -> DlibResNet:
    """The network with its published weights, ready to embed, on the CPU.

    Raises ``Failed``: NO_DETECTOR when the package with the file is missing, MODEL_BROKEN when the file is not that one.
    """
    return DlibResNet(read_resnet(path_of(RESNET)))
