"""What the controller measures while a cloak is worked out."""

from __future__ import annotations

import itertools

import pytest
import torch

from photoguard.cloak.presets import Budget
from photoguard.cloak.visibility import Controller, Judge, Visibility

SMALL_PX, LARGE_PX = 120, 320


def textured(side: int, *, noise: float) -> tuple[torch.Tensor, torch.Tensor]:
    """A soft picture (1, 3, side, side), and the same with noise as fine as its pixels."""
    chance = torch.Generator().manual_seed(3)
    clean = torch.nn.functional.avg_pool2d(torch.rand(1, 3, side, side, generator=chance), 7, 1, 3)
    return clean, (clean + noise * torch.randn(clean.shape, generator=chance)).clamp(0, 1)


def test_a_small_face_is_measured_as_it_will_be_judged() -> None:
    """Down to single pixels: a measure that overlooks them is where the steps go."""
    clean, changed = textured(SMALL_PX, noise=0.03)
    pressure = Controller(clean, Budget(65.0, 2.2)).pressure(changed, whole=True)
    judged = Judge(clean).visibility(changed)
    assert pressure.butteraugli == pytest.approx(judged.butteraugli, rel=1e-3)
    assert pressure.ssimulacra2 == pytest.approx(judged.ssimulacra2, abs=0.05)


@pytest.mark.parametrize(("drift", "is_measured"), [(2.0, False), (9.0, True)])
def test_the_finest_scale_is_measured_once_the_steps_are_found_to_hide_there(
    drift: float, *, is_measured: bool
) -> None:
    clean, changed = textured(LARGE_PX, noise=0.02)
    controller = Controller(clean, Budget(65.0, 2.2))
    seen = controller.pressure(changed, whole=True)
    assert seen.ssimulacra2 is not None
    controller.calibrate(seen, Visibility(seen.ssimulacra2 - drift, seen.butteraugli))
    again = controller.pressure(changed, whole=True).ssimulacra2
    judged = Judge(clean).visibility(changed).ssimulacra2
    assert again == pytest.approx(judged if is_measured else seen.ssimulacra2, abs=0.05)
    assert abs(judged - seen.ssimulacra2) > 1


def test_whoever_stays_over_the_budget_is_held_back_ever_harder() -> None:
    clean, changed = textured(SMALL_PX, noise=0.004)
    seen = Controller(clean, Budget(0.0, 1e9)).pressure(changed, whole=True)
    budget = Budget(seen.ssimulacra2 - 1.0, 0.8 * seen.butteraugli)  # only butteraugli is over, by little
    controller = Controller(clean, budget)
    lengths = [float(controller.resistance(controller.pressure(changed, whole=True)).norm().log()) for _ in range(24)]
    grown = [after - before for before, after in itertools.pairwise(lengths)]
    assert grown[2] > 0
    assert grown[20] > 1.5 * grown[4]
