"""Any ONNX face recogniser as a torch module through which gradients flow back to the picture."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import nn

from photoguard.encoders.onnx.call import Argument, Call, compiled
from photoguard.encoders.onnx.model import Graph
from photoguard.encoders.onnx.operators.operator import tensor_of


@dataclass(frozen=True)
class _Step:
    call: Call
    sources: tuple[int | None, ...]
    """Slots of the inputs."""
    targets: tuple[int | None, ...]
    last_used: tuple[int, ...]
    """Slots nobody needs after this step."""


class Network(nn.Module):
    """Runs a graph from one picture input to one vector per picture. Built by ``loading.load``."""

    def __init__(self, graph: Graph, *, is_channels_last: bool, is_single: bool = False) -> None:
        """``is_single``: the graph works for one picture only, so those of a batch go one by one."""
        super().__init__()
        self._is_channels_last = is_channels_last
        self._is_single = is_single
        slots: dict[str, int] = {}
        self._kept: list[tuple[int, str]] = []
        for number, (name, values) in enumerate(graph.constants.items()):
            tensor = _without_denormals(tensor_of(values))
            if tensor.ndim == 4 and tensor.is_floating_point():
                tensor = tensor.contiguous(memory_format=torch.channels_last)
            self.register_buffer(f"constant{number}", tensor)
            self._kept.append((slots.setdefault(name, len(slots)), f"constant{number}"))
        self._entry = slots.setdefault(graph.inputs[0].name, len(slots))
        self._steps = _steps(graph, slots)
        self._exit = slots[graph.outputs[0].name]
        self._slots = len(slots)
        self.eval()

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Vectors (n, d) of pictures (n, 3, side, side) in the range and channel order that the file expects."""
        if self._is_single and len(pictures) != 1:
            return torch.cat([self._vectors(picture[None]) for picture in pictures])
        return self._vectors(pictures)

    def _vectors(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.values(pictures).reshape(len(pictures), -1)

    def values(self, pictures: torch.Tensor) -> torch.Tensor:
        """What the graph makes of ``pictures``, in its own shape."""
        return self.along(pictures, ())[-1]

    def along(self, pictures: torch.Tensor, places: Collection[int]) -> list[torch.Tensor]:
        """What the steps numbered ``places`` make of ``pictures``, in order, then what the whole graph does."""
        if not self._is_channels_last:
            pictures = pictures.contiguous(memory_format=torch.channels_last)
        else:
            pictures = pictures.permute(0, 2, 3, 1)
        values = self._constants()
        values[self._entry] = pictures
        found = []
        for number, step in enumerate(self._steps):
            made = step.call([None if slot is None else values[slot] for slot in step.sources])
            if number in places:
                found.append(made[0])
            for slot, value in zip(step.targets, made, strict=False):
                if slot is not None:
                    values[slot] = value
            for slot in step.last_used:
                values[slot] = None
        out = values[self._exit]
        assert isinstance(out, torch.Tensor)
        return [*found, out]

    def _constants(self) -> list[Argument]:
        values: list[Argument] = [None] * self._slots
        for slot, name in self._kept:
            values[slot] = self.get_buffer(name)
        return values


def _steps(graph: Graph, slots: dict[str, int]) -> tuple[_Step, ...]:
    """The nodes with names replaced by slots; adds the slots of what they make."""
    final = {name: number for number, node in enumerate(graph.nodes) for name in node.inputs if name}
    kept = {graph.outputs[0].name, *graph.constants}
    steps = []
    for number, node in enumerate(graph.nodes):
        sources = tuple(slots[name] if name else None for name in node.inputs)
        targets = tuple(slots.setdefault(name, len(slots)) if name else None for name in node.outputs)
        done = tuple(
            slots[name] for name in dict.fromkeys(node.inputs) if name and final[name] == number and name not in kept
        )
        steps.append(_Step(compiled(node, graph.opset), sources, targets, done))
    return tuple(steps)


def _without_denormals(values: torch.Tensor) -> torch.Tensor:
    """Denormal weights make some processors several times slower, and count for nothing."""
    if not values.is_floating_point():
        return values
    return torch.where(values.abs() < torch.finfo(torch.float32).tiny, 0.0, values)
