"""Works out the cloak of one face."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch

from photoguard.cloak import views
from photoguard.cloak.adabelief import AdaBelief
from photoguard.cloak.layer import Layer, Pyramid
from photoguard.cloak.likeness import Likeness
from photoguard.cloak.presets import Preset
from photoguard.cloak.region import Region
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.cloak.visibility import Controller, Pressure, Visibility, unit
from photoguard.domain import Face, Part
from photoguard.encoders.protocol import IdentityEncoder

_CALIBRATED_AT = (0.15, 0.35, 0.55, 0.75, 0.9)
"""Parts of the way at which the measures are compared with the exact ones on the photo as it will be written."""

_BETAS = (0.7, 0.99)
"""Shorter memory than usual: the budget's resistance turns quickly, and following it late costs protection."""


def optimise(
    rehearsal: Rehearsal,
    encoders: Sequence[IdentityEncoder],
    preset: Preset,
    ways: views.ViewRange,
    steps: int,
    seed: int,
    on_step: Callable[[int], None],
    part: Part | None = None,
) -> Layer:
    """The layer, for the rehearsal's region, that makes ``encoders`` see somebody else, on the preset's budget.

    AdaBelief on a pyramid of grids; each step looks at one random view with some of the encoders and
    adds the budget's resistance. ``steps``: how many are taken. ``on_step`` is called before every step and may raise to stop.
    ``part``: whom they shall rather see.
    """
    chance = np.random.default_rng(seed)
    pixels, region = rehearsal.base, rehearsal.region
    clean = region.crop(pixels)
    face = region.face_on_grid()
    ways = ways.at(region.zoom, region.grid)
    likeness = Likeness(encoders, clean, face, part)
    # beside the attack visibility, which takes as long, and now and then a look at the photo as it will be written
    with ThreadPoolExecutor(2) as aside:
        own = clean[:, :1] if pixels.ndim == 2 else clean
        pyramid = Pyramid(region, own, seed=seed, leeway=preset.leeway, aside=aside)
        (rows, columns), (top, left) = region.box_on_grid(), (edge.start for edge in pyramid.part)
        box, acts = (..., rows, columns), (..., *pyramid.part)
        box_in_acts = (..., slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
        first_step = preset.first_step(steps) / 255
        descent = AdaBelief(pyramid.grids, _BETAS)
        calibrated_at = {round(share * steps) for share in _CALIBRATED_AT}
        turns = _turns(len(encoders), preset.encoders_per_step(region.displayed_px), chance)
        controller = Controller(clean[box], preset.budget)
        changed = clean.clone()
        compared: tuple[Pressure, Future[Visibility]] | None = None
        for step in range(steps):
            on_step(step)
            layer = pyramid.layer()
            wished = clean[acts] + layer
            changed[acts] = wished.clamp(0, 1)
            is_calibrated = step in calibrated_at
            measured = aside.submit(controller.pressure, changed[box], whole=is_calibrated)
            attack = _attack(changed, face, likeness, next(turns), ways, chance)
            pressure = measured.result()
            if compared:
                before, exact = compared
                controller.calibrate(before, exact.result())
                compared = None
            if is_calibrated:
                compared = pressure, aside.submit(rehearsal.seen, _finished(layer, pyramid.part, region))
            gradient = unit(attack[acts])
            gradient[box_in_acts] += controller.resistance(pressure)
            gradient *= wished == changed[acts]  # what lies beyond black and white changes nothing
            if layer.shape[1] == 1:
                gradient = gradient.sum(1, keepdim=True)
            descent.step(pyramid.gradients(gradient), first_step * _fall(step / steps))
        return _finished(pyramid.layer(), pyramid.part, region)


def _attack(
    changed: torch.Tensor,
    face: Face,
    likeness: Likeness,
    chosen: Sequence[int],
    ways: views.ViewRange,
    chance: np.random.Generator,
) -> torch.Tensor:
    """Gradient of the likeness in one random view with respect to the picture."""
    picture = changed.detach().requires_grad_()
    view = views.draw(picture, face, ways, chance)
    (gradient,) = torch.autograd.grad(likeness.of(view, chosen, ways.jitter_px, chance), picture)
    return gradient


def _turns(count: int, at_once: int, chance: np.random.Generator) -> Iterator[tuple[int, ...]]:
    """Encoders for each step, so that each has its turn equally often, in random order."""
    waiting: list[int] = []
    while True:
        while len(waiting) < min(at_once, count):
            waiting += [int(i) for i in chance.permutation(count) if i not in waiting]
        yield tuple(waiting[:at_once])
        waiting = waiting[at_once:]


def _fall(progress: float) -> float:
    """The step size falls along a cosine from 1 to a tenth."""
    return 0.1 + 0.45 * (1 + math.cos(math.pi * progress))


def _finished(layer: torch.Tensor, part: tuple[slice, slice], region: Region) -> Layer:
    """``layer`` (1, channels, h, w), which acts on ``part`` of the working grid."""
    values = np.zeros((region.grid, region.grid, layer.shape[1]), np.float32)
    values[part] = layer[0].permute(1, 2, 0).numpy()
    return Layer(region, values)
