"""The method of hedgeho/fawkes ("Fawkes 2", 2026), after its decision notes: Adam on the native crop through the true
alignment, landmark jitter, random blur, resize and JPEG (4:4:4), towards a far decoy and away from the own face, with
a chroma penalty and a limit on DSSIM. Without its apparent-age penalty, whose network is not at hand.
"""

from __future__ import annotations

import numpy as np
import torch

from photoguard.bench.methods import views
from photoguard.bench.methods.baseline import Baseline, Tick, as_layer
from photoguard.bench.methods.protocol import Task
from photoguard.bench.methods.surrogates import Surrogates
from photoguard.bench.methods.workpiece import Workpiece
from photoguard.bench.ssim import ssim
from photoguard.cloak.layer import Layer
from photoguard.domain import Strength
from photoguard.toolbox import Toolbox

_STEPS = 40
_LIMITS = {Strength.GENTLE: (0.0015, 12.0), Strength.STANDARD: (0.003, 20.0), Strength.STRONG: (0.008, 24.0)}
"""DSSIM and the largest change in grey levels. Its own modes allow DSSIM .007, .013 and .017, more than our budgets;
a layer worked out for those would have to be scaled down, which costs it more than a tighter limit does."""
_RATE = 1.0 / 255
_PENALTY, _CHROMA, _SELF = 10.0, 30.0, 2.0
_WAYS = views.ViewRange(most_blur=1.5, least_size=0.7, jpeg=(60, 95), subsampling=0)
_CLEAN_EVERY = 3
"""One step in three sees the crop itself."""


def _work_out(piece: Workpiece, task: Task, toolbox: Toolbox, tick: Tick) -> Layer:
    chance = np.random.default_rng(task.options.seed)
    region = piece.region
    clean, face = region.crop(piece.photo.pixels), region.face_on_grid()
    surrogates = Surrogates(toolbox.encoders, clean, face, task.decoy)
    limit, levels = _LIMITS[task.options.strength]
    rows, columns = region.box_on_grid()
    feather = region.feather()
    draw = torch.Generator().manual_seed(task.options.seed)
    change = (torch.randn(clean.shape, generator=draw) * (1 / 255)).requires_grad_()
    adam = torch.optim.Adam([change], lr=_RATE)
    for step in range(_STEPS):
        tick(step, _STEPS)
        layer = change * feather
        picture, there = (clean + layer).clamp(0, 1), face
        shake = None
        if step % _CLEAN_EVERY:
            picture, there = views.draw(picture, face, _WAYS, chance)
            shake = chance
        loss = torch.zeros(())
        pairs = surrogates.both(picture, there, shake)
        for own, decoy in pairs:
            loss = loss + (_SELF * own.clamp_min(0) + (0 if decoy is None else 1 - decoy)) / len(pairs)
        part = clean[:, :, rows, columns], (clean + layer)[:, :, rows, columns]
        loss = loss + _PENALTY * ((1 - ssim(*part)) / 2 / limit - 1).clamp_min(0)
        loss = loss + _CHROMA * (layer - layer.mean(1, keepdim=True)).abs().mean()
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        adam.step()
        with torch.no_grad():
            change.clamp_(-levels / 255, levels / 255)
    return as_layer(region, change, is_grey=piece.photo.is_grey)


FAWKES2 = Baseline("fawkes2", _work_out, "fawkes2.py")
