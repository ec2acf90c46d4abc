"""A published method behind the protocol of all methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from photoguard.bench.methods.protocol import Task, Written
from photoguard.bench.methods.workpiece import Workpiece, finished, prepared
from photoguard.cloak.layer import Layer
from photoguard.cloak.region import Region
from photoguard.domain import Progress, ProgressListener, Stage
from photoguard.errors import PhotoguardError
from photoguard.toolbox import Toolbox

Tick = Callable[[int, int], None]
"""Called before every step with its number and how many there are; may raise ``Cancelled``."""
WorkOut = Callable[[Workpiece, Task, Toolbox, Tick], Layer]

_SHARED = ("encoders", "faces", "perception", "pixels", "cloak/presets.py", "cloak/region.py", "cloak/coding.py")
_HERE = "bench/methods"


@dataclass(frozen=True)
class Baseline:
    name: str
    work_out: WorkOut
    own_source: str
    """The file that holds it."""

    @property
    def sources(self) -> tuple[str, ...]:
        shared = ("baseline", "workpiece", "surrogates", "views")
        return (*_SHARED, *(f"{_HERE}/{name}.py" for name in shared), f"{_HERE}/{self.own_source}")

    def protect(self, task: Task, toolbox: Toolbox, listener: ProgressListener) -> Written:
        def tick(step: int, steps: int) -> None:
            listener(Progress(Stage.CLOAKING, 1, 1, step, steps))

        try:
            listener(Progress(Stage.READING))
            piece = prepared(task, toolbox)
            layer = self.work_out(piece, task, toolbox, tick)
            written = finished(piece, layer, task)
            listener(Progress(Stage.WRITING))
        except PhotoguardError as error:
            return Written(None, error.problem)
        return written


def as_layer(region: Region, change: torch.Tensor, *, is_grey: bool, dither: torch.Generator | None = None) -> Layer:
    """A change (1, 3, grid, grid) in 0..1 units as the layer that is added to the photo, faded out like ours.

    With ``dither`` half a grey level of noise is added: a change that stands at its limit nearly everywhere would
    otherwise jump from one whole level to the next when it is scaled, and miss the budget by far.
    """
    if dither is not None:
        change = change + (torch.rand(change.shape, generator=dither) - 0.5) / 255
    faded = change.detach() * region.feather()
    if is_grey:
        faded = faded.mean(1, keepdim=True)
    return Layer(region, faded[0].permute(1, 2, 0).numpy().astype(np.float32))
