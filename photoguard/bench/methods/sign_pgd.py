"""Projected gradient descent within a largest change per pixel (Madry et al. 2018), as PhotoGuard does it to image
encoders (Salman et al. 2023), here against identity encoders; and with momentum (Dong et al. 2018) over expected
transformations (Athalye et al. 2018), the recipe of FaceShield and others.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from photoguard.bench.methods import views
from photoguard.bench.methods.baseline import Baseline, Tick, as_layer
from photoguard.bench.methods.protocol import Task
from photoguard.bench.methods.surrogates import Surrogates
from photoguard.bench.methods.workpiece import Workpiece
from photoguard.cloak.layer import Layer
from photoguard.domain import Strength
from photoguard.toolbox import Toolbox

_STEPS = 40
# largest change in grey levels, chosen so that the budget is about met and the final scale is near 1
_MOST_PLAIN = {Strength.GENTLE: 3.0, Strength.STANDARD: 5.0, Strength.STRONG: 9.0}
_MOST_WITH_VIEWS = {Strength.GENTLE: 1.7, Strength.STANDARD: 2.8, Strength.STRONG: 4.5}
_STEP = 1 / 6
"""Of the largest change: the ratio 0.01 / 0.06 of PhotoGuard's published attack."""
_WAYS = views.ViewRange(most_blur=1.5, least_size=0.35, jpeg=(60, 95), subsampling=2)


def _plain(piece: Workpiece, task: Task, toolbox: Toolbox, tick: Tick) -> Layer:
    return _pgd(piece, task, toolbox, tick, _MOST_PLAIN, momentum=0.0, ways=None)


def _with_views(piece: Workpiece, task: Task, toolbox: Toolbox, tick: Tick) -> Layer:
    return _pgd(piece, task, toolbox, tick, _MOST_WITH_VIEWS, momentum=1.0, ways=_WAYS)


def _pgd(
    piece: Workpiece,
    task: Task,
    toolbox: Toolbox,
    tick: Tick,
    limits: Mapping[Strength, float],
    *,
    momentum: float,
    ways: views.ViewRange | None,
) -> Layer:
    chance = np.random.default_rng(task.options.seed)
    region = piece.region
    clean, face = region.crop(piece.photo.pixels), region.face_on_grid()
    surrogates = Surrogates(toolbox.encoders, clean, face)
    most = limits[task.options.strength] / 255
    feather = region.feather()
    draw = torch.Generator().manual_seed(task.options.seed)
    # at zero change the cosine's gradient is zero, hence the random start
    change = (2 * torch.rand(clean.shape, generator=draw) - 1) * most
    pace = torch.zeros_like(change)
    for step in range(_STEPS):
        tick(step, _STEPS)
        free = change.clone().requires_grad_()
        picture, there = (clean + free * feather).clamp(0, 1), face
        if ways is not None:
            picture, there = views.draw(picture, face, ways, chance)
        likeness = surrogates.own(picture, there, chance if ways is not None else None).mean()
        (gradient,) = torch.autograd.grad(likeness, free)
        pace = momentum * pace + gradient / gradient.abs().mean().clamp_min(1e-12)
        change = (change - _STEP * most * pace.sign()).clamp(-most, most)
    return as_layer(region, change, is_grey=piece.photo.is_grey, dither=draw)


PGD = Baseline("pgd", _plain, "sign_pgd.py")
MOMENTUM_EOT = Baseline("momentum-eot", _with_views, "sign_pgd.py")
