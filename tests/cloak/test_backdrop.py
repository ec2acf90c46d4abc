"""What is seen beside a turned face is left alone where a mark would show on it; the face never is."""

from __future__ import annotations

import pytest
import torch
from stand_ins import face_at

from photoguard.cloak.backdrop import backdrop
from photoguard.cloak.layer import Pyramid
from photoguard.cloak.region import Region, around

REGION = around(face_at(100, 80, 300))
SKIN, WALL = (0.80, 0.62, 0.52), (0.90, 0.91, 0.93)


def turned(region: Region, skin: tuple[float, ...] = SKIN, wall: tuple[float, ...] = WALL) -> torch.Tensor:
    """A face that ends well before the right side of its box, before a wall; a little grain over both."""
    grain = 0.004 * torch.randn(1, 1, region.grid, region.grid, generator=torch.Generator().manual_seed(5))
    is_face = torch.arange(region.grid) < edge(region)
    colours = [torch.tensor(colour).view(1, 3, 1, 1) for colour in (skin, wall)]
    return torch.where(is_face, colours[0], colours[1]) + grain


def edge(region: Region) -> int:
    """The column at which the face ends."""
    columns = region.box_on_grid()[1]
    return columns.start + round(0.8 * (columns.stop - columns.start))


def middle(seen: torch.Tensor, region: Region) -> torch.Tensor:
    """Half-way up the face."""
    return seen[0, 0, region.grid // 2]


@pytest.mark.parametrize("width", [40, 120, 300, 900])
def test_a_wall_beside_the_face_is_found_and_its_outline_is_not(width: int) -> None:
    region = around(face_at(100, 80, width))
    found = middle(backdrop(turned(region), region), region)
    step = max(3, round(region.displayed_px / 20))
    assert found[: edge(region)].max() < 0.05
    assert found[edge(region) + 2 * step :].min() > 0.9
    assert found.min() >= 0
    assert found.max() <= 1


def test_nothing_is_added_to_the_wall() -> None:
    pyramid = Pyramid(REGION, turned(REGION), seed=3)
    pyramid.grids = [0.05 * torch.randn_like(grid) for grid in pyramid.grids]
    layer = torch.zeros(1, 3, REGION.grid, REGION.grid)
    layer[..., pyramid.part[0], pyramid.part[1]] = pyramid.layer()
    reach = 255 * middle(layer.abs().amax(1, keepdim=True), REGION)
    assert reach[edge(REGION) + 30 :].max() < 0.5
    assert reach[edge(REGION) - 80 : edge(REGION)].max() > 4


def test_what_has_texture_or_the_colour_of_skin_is_no_wall() -> None:
    strands = 0.1 * torch.randn(1, 1, REGION.grid, REGION.grid, generator=torch.Generator().manual_seed(6))
    curtain = turned(REGION) + torch.where(torch.arange(REGION.grid) < edge(REGION), torch.zeros(()), strands)
    assert backdrop(curtain, REGION).max() < 0.05
    assert backdrop(turned(REGION, wall=(0.85, 0.66, 0.55)), REGION).max() < 0.05


def test_no_part_of_a_blotchy_skin_is_taken_for_a_wall() -> None:
    """A sunburnt cheek is even, and farther from the rest than any wall from a pale face; but much of the skin is as far."""
    patches = (torch.arange(REGION.grid) // (REGION.grid // 8)) % 2 == 0
    sunburnt, pale = (torch.tensor(colour).view(1, 3, 1, 1) for colour in ((0.80, 0.50, 0.40), (0.80, 0.62, 0.56)))
    assert backdrop(torch.where(patches, sunburnt, pale).expand(-1, -1, REGION.grid, -1), REGION).max() < 0.05


@pytest.mark.parametrize("skin", [SKIN, (0.32, 0.21, 0.15), (0.95, 0.82, 0.76)])
def test_eyes_and_mouth_are_never_taken_for_a_wall(skin: tuple[float, ...]) -> None:
    """Sunglasses are even and of another colour, too."""
    clean = turned(REGION, skin, wall=skin)
    rows, columns = REGION.box_on_grid()
    height, width = rows.stop - rows.start, columns.stop - columns.start
    top, left = rows.start + round(0.35 * height), columns.start + round(0.3 * width)
    clean[..., top : top + round(0.12 * height), left : left + round(0.4 * width)] = 0.05
    assert backdrop(clean, REGION).max() < 0.05


def test_a_picture_in_one_tone_has_none() -> None:
    assert backdrop(turned(REGION, (0.6, 0.6, 0.6), (0.9, 0.9, 0.9)), REGION).max() == 0
