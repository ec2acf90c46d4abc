"""The tiny autoencoders of the TAESD family (github.com/madebyollin/taesd): one for each latent space of large editors.

Plain 3x3 convolutions with 64 channels, in blocks of three with a shortcut. An encoder halves the sides three times and has
one block before the first halving and three after each; the one for SANA halves five times, the first two of them with
single convolutions. Newer ones normalise in the middle: a 1x1 convolution to 256 channels, four groups, and one back. The
names of the weights are those of a ``torch.nn.Sequential``, which is how the files are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import nn

from photoguard.errors import Failed, ProblemCode

Arrays = Mapping[str, npt.NDArray[Any]]

_WIDTH, _GROUPS = 64, 4
_MOST_CHANNELS = 512
_BOUND = 3.0
"""Decoders press latents softly into -3..3."""


class TinyEncoder(nn.Module):
    """Picture to latents."""

    def __init__(self, name: str, family: str, layers: nn.Sequential, reduction: int) -> None:
        super().__init__()
        self.name, self.family, self.reduction = name, family, reduction
        self.layers = layers

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """See :class:`photoguard.latents.protocol.LatentEncoder`."""
        found: torch.Tensor = self.layers(pictures.contiguous(memory_format=torch.channels_last))
        return found


class TinyDecoder(nn.Module):
    """Latents to picture."""

    def __init__(self, name: str, family: str, layers: nn.Sequential, channels: int) -> None:
        super().__init__()
        self.name, self.family, self.channels = name, family, channels
        self.layers = layers

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """See :class:`photoguard.latents.protocol.LatentDecoder`."""
        shown: torch.Tensor = self.layers(latents.contiguous(memory_format=torch.channels_last))
        return shown


def encoder(arrays: Arrays, name: str, family: str) -> TinyEncoder:
    """The encoder with the weights ``arrays``. Raises ``Failed(MODEL_UNFIT)`` where they are not those of a tiny encoder."""
    channels = _channels(arrays, name)
    is_deep = _first_width(arrays) != _WIDTH
    has_pool = "11.pool.0.weight" in arrays
    layers = _deep_encoder(channels) if is_deep else _encoder(channels, has_pool=has_pool)
    return TinyEncoder(name, family, _filled(layers, arrays, name), 32 if is_deep else 8)


def decoder(arrays: Arrays, name: str, family: str) -> TinyDecoder:
    """The decoder with the weights ``arrays``. Raises ``Failed(MODEL_UNFIT)`` where they are not those of a tiny decoder."""
    first = arrays.get("1.weight")
    if first is None or first.ndim != 4 or not 0 < first.shape[1] <= _MOST_CHANNELS:
        raise _unfit(name)
    channels = int(first.shape[1])
    layers = _decoder(channels, has_pool="3.pool.0.weight" in arrays)
    return TinyDecoder(name, family, _filled(layers, arrays, name), channels)


class _Block(nn.Module):
    def __init__(self, *, has_pool: bool = False) -> None:
        super().__init__()
        self.conv = nn.Sequential(_conv(), nn.ReLU(), _conv(), nn.ReLU(), _conv())
        self.pool: nn.Sequential | None = None
        if has_pool:
            wide = 4 * _WIDTH
            self.pool = nn.Sequential(
                nn.Conv2d(_WIDTH, wide, 1, bias=False),
                nn.GroupNorm(_GROUPS, wide),
                nn.ReLU(),
                nn.Conv2d(wide, _WIDTH, 1, bias=False),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.pool is not None:
            x = x + self.pool(x)
        return F.relu(self.conv(x) + x)


class _Bound(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x / _BOUND) * _BOUND


def _conv(before: int = _WIDTH, after: int = _WIDTH, *, stride: int = 1, bias: bool = True) -> nn.Conv2d:
    return nn.Conv2d(before, after, 3, padding=1, stride=stride, bias=bias)


def _blocks(*, has_pool: bool = False) -> tuple[_Block, _Block, _Block]:
    return _Block(has_pool=has_pool), _Block(has_pool=has_pool), _Block(has_pool=has_pool)


def _halving() -> nn.Conv2d:
    return _conv(stride=2, bias=False)


def _encoder(channels: int, *, has_pool: bool) -> nn.Sequential:
    start = (_conv(3), _Block(), _halving(), *_blocks(), _halving(), *_blocks())
    return nn.Sequential(*start, _halving(), *_blocks(has_pool=has_pool), _conv(after=channels))


def _deep_encoder(channels: int) -> nn.Sequential:
    half = _WIDTH // 2
    start = (_conv(3, half, stride=2), nn.ReLU(), _conv(half, stride=2), nn.ReLU(), _Block())
    rest = (_halving(), *_blocks(), _halving(), *_blocks(), _halving(), *_blocks())
    return nn.Sequential(*start, *rest, _conv(after=channels))


def _decoder(channels: int, *, has_pool: bool) -> nn.Sequential:
    def doubling() -> tuple[nn.Module, nn.Module]:
        return nn.Upsample(scale_factor=2), _conv(bias=False)

    start = (_Bound(), _conv(channels), nn.ReLU(), *_blocks(has_pool=has_pool))
    rest = (*doubling(), *_blocks(), *doubling(), *_blocks(), *doubling(), _Block())
    return nn.Sequential(*start, *rest, _conv(after=3))


def _filled(layers: nn.Sequential, arrays: Arrays, name: str) -> nn.Sequential:
    """``layers`` with the weights, in single precision and fixed."""
    weights = {key: torch.from_numpy(np.array(values, dtype=np.float32)) for key, values in arrays.items()}
    if not all(bool(values.isfinite().all()) for values in weights.values()):
        raise Failed(ProblemCode.MODEL_UNSOUND, model=name, reason="numbers")
    try:
        layers.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise _unfit(name) from error
    for part in layers.parameters():
        part.requires_grad = False
        # the layout in which the processor convolves fastest
        part.data = part.data.contiguous(memory_format=torch.channels_last) if part.ndim == 4 else part.data
    return layers.eval()


def _channels(arrays: Arrays, name: str) -> int:
    """How many the last convolution, by number, makes."""
    numbers = [int(key.split(".")[0]) for key in arrays if key.split(".")[0].isdigit()]
    last = arrays.get(f"{max(numbers, default=0)}.weight")
    if last is None or last.ndim != 4 or not 0 < last.shape[0] <= _MOST_CHANNELS:
        raise _unfit(name)
    return int(last.shape[0])


def _first_width(arrays: Arrays) -> int:
    first = arrays.get("0.weight")
    return 0 if first is None or first.ndim != 4 else int(first.shape[0])


def _unfit(name: str) -> Failed:
    return Failed(ProblemCode.MODEL_UNFIT, model=name, reason="format")
