"""Parts of a network that learn, and how they become constant ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd.function import BackwardCFunction, FunctionCtx, once_differentiable

from photoguard.encoders.students.network import Network

_FORGETTING = 0.1
"""What one batch counts in the running mean and variance."""


class Learning:
    """Parts whose weights are learnt: convolutions with batch normalisation (Ioffe & Szegedy 2015)."""

    def convolution(self, inputs: int, outputs: int, side: int, *, stride: int = 1, groups: int = 1) -> nn.Module:
        plain = nn.Conv2d(inputs, outputs, side, stride, side // 2, groups=groups, bias=False)
        return _Normalised(plain, nn.BatchNorm2d(outputs, momentum=_FORGETTING))

    def slopes(self, channels: int) -> nn.Module:
        return _Slopes(channels)


class _Normalised(nn.Sequential):
    def folded(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Weight and bias of the one convolution that does the same once nothing is learnt any more."""
        plain, norm = self
        assert isinstance(plain, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        mean, variance = norm.running_mean, norm.running_var
        assert mean is not None
        assert variance is not None
        gain = norm.weight / (variance + norm.eps).sqrt()
        return plain.weight * gain.view(-1, 1, 1, 1), norm.bias - mean * gain


class _Slopes(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.full((channels,), 0.25))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sloped: torch.Tensor = _LearntSlopes.apply(x, self.slope)  # type: ignore[no-untyped-call]
        return sloped


class _LearntSlopes(torch.autograd.Function):
    """PReLU; torch's own backward takes four times as long over pictures whose channels lie last."""

    @staticmethod
    def forward(ctx: FunctionCtx, x: torch.Tensor, slope: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x, slope)
        return F.prelu(x, slope)

    @staticmethod
    @once_differentiable
    def backward(ctx: BackwardCFunction, gradient: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        saved: tuple[torch.Tensor, ...] = ctx.saved_tensors
        x, slope = saved
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        of_slope = x.clamp(max=0).mul_(gradient).sum((0, 2, 3))
        passed: torch.Tensor = torch.ops.aten.threshold_backward(gradient, x, 0)
        return passed.lerp_(gradient, slope.view(-1, 1, 1)), of_slope


def start_at(network: Network, given: list[torch.Tensor], wanted: list[torch.Tensor]) -> None:
    """Lets every block begin with the mean and the spread, channel by channel, of what it is to hand on.

    ``given``: what its teacher's block gets, ``wanted``: what it is to work out of that.
    """
    network.train()
    for block, x, target in zip(network.blocks, given, wanted, strict=True):
        last = [part for part in block.modules() if isinstance(part, (nn.BatchNorm2d, nn.Linear))][-1]
        with torch.no_grad():
            made = block.branch(x)  # type: ignore[operator]
            axes = (0, 2, 3) if target.ndim > 2 else (0,)
            mean, spread = target.mean(axes), target.std(axes)
            if isinstance(last, nn.BatchNorm2d):
                last.weight.copy_(spread)
                last.bias.copy_(mean)
            else:
                gain = spread / made.std(axes)
                last.bias.copy_(mean - (made.mean(axes) - last.bias) * gain)
                last.weight.mul_(gain[:, None])


def constant(network: Network) -> Mapping[str, npt.NDArray[np.float16]]:
    """The weights of ``network`` under the names that the same network of constant parts has, in half precision."""
    weights: dict[str, torch.Tensor] = {}
    folded = set()
    for name, module in network.named_modules():
        if isinstance(module, _Normalised):
            weights[f"{name}.weight"], weights[f"{name}.bias"] = module.folded()
            folded.add(f"{name}.")
    weights |= {
        name: value for name, value in network.named_parameters() if not any(name.startswith(one) for one in folded)
    }
    return {name: value.detach().numpy().astype(np.float16) for name, value in weights.items()}
