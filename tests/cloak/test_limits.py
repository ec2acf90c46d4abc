"""No cloak goes farther than people would let it, however little the two visibility measures mind."""

from __future__ import annotations

import pytest
import torch
from stand_ins import evenly, face_at

from photoguard.cloak.layer import Pyramid
from photoguard.cloak.limits import limits
from photoguard.cloak.region import around

LUMA = 9.0
"""Levels on even skin."""
REGION = around(face_at(100, 80, 120))


def farthest(clean: torch.Tensor, leeway: float = 1.0) -> list[float]:
    """How far Y, Cb and Cr (of a grey picture Y alone) go at most, in levels, for a layer that would go very far."""
    pyramid = Pyramid(REGION, clean, seed=3, leeway=leeway)
    pyramid.grids = [torch.randn_like(grid) for grid in pyramid.grids]
    layer = 255 * pyramid.layer()[0]
    if len(layer) == 1:
        return [float(layer.abs().max())]
    red, green, blue = layer
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return [float(channel.abs().max()) for channel in (grey, (blue - grey) / 1.772, (red - grey) / 1.402)]


def hair(clean: torch.Tensor) -> torch.Tensor:
    strands = torch.randn(1, 1, *clean.shape[2:], generator=torch.Generator().manual_seed(1))
    return (clean + 0.15 * strands).clamp(0, 1)


@pytest.mark.parametrize("leeway", [0.7, 1.0, 2.0])
def test_no_channel_goes_beyond_its_limit_and_all_go_farther_in_hair_than_on_skin(leeway: float) -> None:
    skin = evenly(REGION, 0.8)
    on_skin, in_hair = farthest(skin, leeway), farthest(hair(skin), leeway)
    assert on_skin == pytest.approx([LUMA * leeway, 2 * leeway, 0.8 * leeway], rel=0.03)
    assert all(1.5 * least < most for least, most in zip(on_skin, in_hair, strict=True))
    assert in_hair[1] <= 10 * leeway + 0.1
    assert in_hair[2] <= 4 * leeway + 0.1


def test_a_grey_photo_has_the_same_limit_for_its_brightness() -> None:
    grey = evenly(REGION, 0.7, planes=1)
    assert farthest(grey) == pytest.approx([LUMA], rel=0.03)
    assert farthest(hair(grey))[0] > 1.5 * LUMA


def test_skin_beside_an_eyebrow_is_still_skin() -> None:
    clean = evenly(REGION, 0.7)
    clean[..., 80:90, :] = hair(clean)[..., 80:90, :]
    reach = limits(clean)[0, 0]
    assert reach[77].max() == pytest.approx(reach[20].max())
    assert reach[84].mean() > 1.5 * reach[20].mean()


@pytest.mark.parametrize("luma", [0.0, 0.2, 0.8, 1.0])
def test_even_skin_is_even_at_every_brightness(luma: float) -> None:
    """A variance worked out in single precision makes contrast out of nothing."""
    assert 255 * limits(evenly(REGION, luma, planes=1)) == pytest.approx(LUMA, abs=1e-3)


def test_what_is_in_one_tone_stays_so() -> None:
    """A sepia or grey photo may be coded in colour; on it any other colour shows at once."""
    blue = [farthest(evenly(REGION, 0.8, spread=spread))[1] for spread in (0.0, 1.5, 4.0, 12.0)]
    assert blue[0] == pytest.approx(blue[1])
    assert blue[1] < 0.2 < 0.6 < blue[2] < 0.8 * blue[3]
