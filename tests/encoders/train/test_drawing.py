"""Chips to learn from: the plain ones lie where a recogniser cuts them, the varied ones around them."""

from __future__ import annotations

import numpy as np
import torch

from photoguard.encoders.protocol import ChipInput
from photoguard.encoders.train import drawing
from photoguard.encoders.train.crops import MARGIN, SIDE

ARCFACE, OMZ = ChipInput("arcface112", 112), ChipInput("omz128", 128)
CROPS = np.random.default_rng(0).integers(0, 256, (8, 3, 20, 20), np.uint8).repeat(8, 2).repeat(8, 3)


def test_the_plain_chip_is_the_middle_of_the_crop() -> None:
    middle = torch.from_numpy(CROPS[:, :, MARGIN : MARGIN + SIDE, MARGIN : MARGIN + SIDE] / np.float32(255))
    torch.testing.assert_close(drawing.plain(CROPS, ARCFACE), middle, atol=2e-4, rtol=0)


def test_other_templates_are_cut_by_their_own_points() -> None:
    chips = drawing.plain(CROPS, OMZ)
    assert chips.shape == (8, 3, 128, 128)
    # the template's eyes lie 47 pixels apart instead of 35.2, so that a chip shows less of the crop
    assert 0 <= float(chips.min()) <= float(chips.max()) <= 1


def test_varied_chips_stay_in_range_and_near_and_depend_on_the_seed_alone() -> None:
    one, again, other = (drawing.varied(CROPS, ARCFACE, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert 0 <= float(one.min()) <= float(one.max()) <= 1
