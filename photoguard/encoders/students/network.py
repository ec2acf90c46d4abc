"""The students' network: MobileFaceNet's kind of blocks (Chen et al. 2018), made of parts that run, or of parts that learn."""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import nn

from photoguard.encoders.slopes import sloped
from photoguard.encoders.students.layout import Layout


class Parts(Protocol):
    """What blocks are made of."""

    def convolution(self, inputs: int, outputs: int, side: int, *, stride: int = 1, groups: int = 1) -> nn.Module:
        """Maps (n, inputs, h, w) to (n, outputs, ...), biases included; padded to keep the size."""
        ...

    def slopes(self, channels: int) -> nn.Module:
        """PReLU with one slope for each channel."""
        ...


class Running:
    """Parts with constant weights."""

    def convolution(self, inputs: int, outputs: int, side: int, *, stride: int = 1, groups: int = 1) -> nn.Module:
        return nn.Conv2d(inputs, outputs, side, stride, side // 2, groups=groups)

    def slopes(self, channels: int) -> nn.Module:
        return _Slopes(channels)


class Block(nn.Module):
    """One step of the network, which can be taught by itself."""

    is_residual = False
    body: nn.Module

    def branch(self, x: torch.Tensor) -> torch.Tensor:
        """What the block works out; a residual block adds it to what it was given."""
        out: torch.Tensor = self.body(x)
        return out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.branch(x) if self.is_residual else self.branch(x)


class Network(nn.Module):
    """RGB chips (n, 3, side, side) in 0..1 to raw vectors (n, outputs)."""

    def __init__(self, layout: Layout, parts: Parts) -> None:
        super().__init__()
        blocks: list[Block] = [_Stem(layout.stem, parts)]
        channels = layout.stem
        for stage in layout.stages:
            blocks.append(_Bottleneck(channels, stage.entry_width, stage.channels, parts, halves=True))
            channels = stage.channels
            blocks += [_Bottleneck(channels, stage.width, channels, parts, halves=False) for _ in range(stage.others)]
        blocks.append(_Head(channels, layout, parts))
        self.blocks = nn.ModuleList(blocks)

    def forward(self, chips: torch.Tensor) -> torch.Tensor:
        return self.values(chips)[-1]

    def values(self, chips: torch.Tensor) -> list[torch.Tensor]:
        """What every block hands on, the vectors last."""
        x, found = chips.contiguous(memory_format=torch.channels_last), []
        for block in self.blocks:
            x = block(x)
            found.append(x)
        return found


class _Stem(Block):
    def __init__(self, channels: int, parts: Parts) -> None:
        super().__init__()
        self.body = nn.Sequential(
            parts.convolution(3, channels, 3, stride=2),
            parts.slopes(channels),
            parts.convolution(channels, channels, 3, groups=channels),
            parts.slopes(channels),
        )

    def branch(self, x: torch.Tensor) -> torch.Tensor:
        return super().branch(x * 2 - 1)


class _Bottleneck(Block):
    """Widens, looks at each channel's surroundings, narrows again (Sandler et al. 2018)."""

    def __init__(self, inputs: int, width: int, outputs: int, parts: Parts, *, halves: bool) -> None:
        super().__init__()
        self.is_residual = not halves
        self.body = nn.Sequential(
            parts.convolution(inputs, width, 1),
            parts.slopes(width),
            parts.convolution(width, width, 3, stride=2 if halves else 1, groups=width),
            parts.slopes(width),
            parts.convolution(width, outputs, 1),
        )


class _Head(Block):
    """Every channel's picture becomes one number, by learnt weights; then one dense layer."""

    def __init__(self, inputs: int, layout: Layout, parts: Parts) -> None:
        super().__init__()
        width = layout.head_width
        self.body = nn.Sequential(
            parts.convolution(inputs, width, 1),
            parts.slopes(width),
            nn.Conv2d(width, width, layout.last_side, groups=width),
            nn.Flatten(),
            nn.Linear(width, layout.outputs),
        )


class _Slopes(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.full((channels,), 0.25))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return sloped(x, self.slope.view(-1, 1, 1))


class Student(nn.Module):
    """A student behind the protocol of all encoders."""

    strangers = 0.0

    def __init__(self, layout: Layout, network: Network) -> None:
        super().__init__()
        self.name = layout.name
        self.chip = layout.chip
        self.network = network
        self.requires_grad_(False).eval()
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, d) of RGB chips (n, 3, size, size) in 0..1; differentiable in the chips."""
        return F.normalize(self.network(chips), dim=1)
