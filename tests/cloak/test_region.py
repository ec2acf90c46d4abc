"""Where a cloak may act, and that its grids and the photo's pixels agree about places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import evenly, face_at

from photoguard.cloak.layer import Layer, Pyramid
from photoguard.cloak.region import DISPLAY_SIDE, around, display_crop, grown

PLACES = st.tuples(st.integers(-40, 300), st.integers(-40, 300), st.integers(33, 700))


@given(PLACES)
@settings(max_examples=60, deadline=None)
def test_all_but_a_trace_of_what_may_change_is_judged(place: tuple[int, int, int]) -> None:
    face = face_at(*place)
    region = around(face)
    feather = region.feather()[0, 0]
    assert feather.min() >= 0
    assert feather.max() <= 1
    border = torch.cat([feather[0], feather[-1], feather[:, 0], feather[:, -1]])
    assert border.max() == 0  # nothing is cut off at the region's edge
    rows, columns = region.box_on_grid()
    judged = feather[rows, columns].square().sum()
    assert judged >= 0.97 * feather.square().sum()  # what is not judged is no more than the last of a soft edge
    centre = region.grid // 2
    assert feather[centre, centre] == 1


@pytest.mark.parametrize("width", [40, 200, 500])
def test_the_part_that_is_judged_is_the_display_crop(width: int) -> None:
    """The controller's quick measures and the proof's exact ones look at the same pixels."""
    face = face_at(60, 50, width)
    region = around(face)
    rows, columns = region.box_on_grid()
    crop = display_crop(np.zeros((1200, 1200, 3), np.uint8), face.box)
    assert abs((rows.stop - rows.start) - crop.shape[2]) <= 1
    assert abs((columns.stop - columns.start) - crop.shape[3]) <= 1


@given(PLACES)
@settings(max_examples=60, deadline=None)
def test_landmarks_land_where_the_crop_shows_them(place: tuple[int, int, int]) -> None:
    face = face_at(*place)
    region = around(face)
    for (x, y), (u, v) in zip(face.landmarks, region.face_on_grid().landmarks, strict=True):
        assert (u + 0.5) / region.grid * region.side + region.left == pytest.approx(x + 0.5)
        assert (v + 0.5) / region.grid * region.side + region.top == pytest.approx(y + 0.5)


def test_the_crop_shows_the_photo_under_the_grid() -> None:
    rows, columns = np.mgrid[:400, :400]
    pixels = np.stack([columns // 2, rows // 2, 0 * rows], 2).astype(np.uint8)
    region = around(face_at(120, 100, 80))
    crop = region.crop(pixels)
    middle = region.grid // 2
    expected = (region.left + (middle + 0.5) / region.zoom) / 2 / 255
    assert crop[0, 0, middle, middle].item() == pytest.approx(expected, abs=0.004)


def test_beyond_the_border_the_edge_repeats() -> None:
    pixels = np.full((100, 100, 3), 70, np.uint8)
    crop = around(face_at(-20, -20, 90)).crop(pixels)
    assert torch.allclose(crop, torch.full_like(crop, 70 / 255), atol=1e-3)


def test_the_display_crop_is_at_most_512_px() -> None:
    pixels = np.zeros((1600, 1600, 3), np.uint8)
    assert max(display_crop(pixels, face_at(50, 50, 1000).box).shape[2:]) == DISPLAY_SIDE
    assert display_crop(pixels, face_at(50, 50, 100).box).shape[3] == 101


def test_grown_keeps_the_centre() -> None:
    box = face_at(10, 20, 100).box
    larger = grown(box, 1.3)
    assert (larger.x + larger.width / 2, larger.y + larger.height / 2) == pytest.approx((60, 20 + 65))
    assert larger.width == pytest.approx(130)


@pytest.mark.parametrize("size", [(300, 300, 3), (300, 300)])
def test_a_flat_layer_adds_its_value_inside_the_face(size: tuple[int, ...]) -> None:
    face = face_at(100, 80, 90)
    region = around(face)
    channels = 1 if len(size) == 2 else 3
    values = (region.feather()[0].permute(1, 2, 0).expand(-1, -1, channels) * (8 / 255)).numpy().astype(np.float32)
    pixels = np.full(size, 100, np.uint8)
    changed = Layer(region, values).added_to(pixels)
    assert np.all(changed[130:140, 140:150] == 108)
    assert np.all(pixels == 100)
    half = Layer(region, values).added_to(pixels, 0.5)
    assert np.all(half[130:140, 140:150] == 104)


@pytest.mark.parametrize("place", [(60, 40, 700), (-90, -60, 620), (500, 300, 400), (5, 5, 36)])
def test_a_layer_is_enlarged_as_a_whole_though_it_is_worked_out_in_bands(place: tuple[int, int, int]) -> None:
    region, chance = around(face_at(*place)), np.random.default_rng(2)
    values = chance.normal(0, 0.1, (region.grid, region.grid, 3)) * region.feather()[0, 0, :, :, None].numpy()
    pixels = chance.integers(0, 256, (800, 900, 3), dtype=np.uint8)
    changed = Layer(region, values.astype(np.float32)).added_to(pixels)
    layer = torch.from_numpy(values.astype(np.float32)).permute(2, 0, 1)[None]
    whole = torch.nn.functional.interpolate(layer, size=(region.side,) * 2, mode="bicubic", align_corners=False)[0]
    top, left = np.clip(region.top, 0, 800), np.clip(region.left, 0, 900)
    inside = whole[:, max(0, -region.top) : 800 - region.top, max(0, -region.left) : 900 - region.left]
    expected = pixels.astype(np.float32)
    expected[top : top + inside.shape[1], left : left + inside.shape[2]] += 255 * inside.permute(1, 2, 0).numpy()
    away = np.abs(changed - np.clip(expected, 0, 255))
    assert away.max() < 0.51
    assert np.array_equal(changed[expected == pixels], pixels[expected == pixels])


def test_what_is_dark_is_tinted_less_but_shaded_alike() -> None:
    region = around(face_at(100, 80, 120))
    grids = [torch.randn_like(grid) for grid in Pyramid(region, evenly(region, 1.0), seed=3).grids]
    tints, shades = [], []
    for luma in (0.9, 0.7, 0.4, 0.2, 0.02):
        pyramid = Pyramid(region, evenly(region, luma), seed=3)
        pyramid.grids = grids
        layer = pyramid.layer()
        grey = (layer * torch.tensor((0.299, 0.587, 0.114)).view(1, 3, 1, 1)).sum(1, keepdim=True)
        tints.append(float((layer - grey).std()))
        shades.append(grey)
    # how a sum of many floats rounds depends on the machine
    assert tints[1] == pytest.approx(tints[0], rel=1e-5)
    assert tints[1] > tints[2] > tints[3] > tints[4] > 0.1 * tints[0]
    for shade in shades[1:]:
        torch.testing.assert_close(shade, shades[0], atol=2e-6, rtol=1e-4)


def test_the_pyramid_has_one_plane_for_grey_and_a_little_colour_for_the_rest() -> None:
    region = around(face_at(100, 80, 120))
    grey, colour = (Pyramid(region, evenly(region, 0.8, planes), seed=3).layer() for planes in (1, 3))
    assert grey.shape[:2] == (1, 1)
    assert colour.shape[:2] == (1, 3)
    assert grey.shape[2:] == colour.shape[2:]
    assert (colour - colour.mean(1, keepdim=True)).std() < 0.6 * colour.std()


@pytest.mark.parametrize("planes", [1, 3])
def test_the_pyramids_gradients_agree_with_differences(planes: int) -> None:
    region = around(face_at(100, 80, 120))
    clean = evenly(region, 0.8, planes, spread=8.0)
    draw = torch.Generator().manual_seed(4)
    with ThreadPoolExecutor(2) as aside:
        pyramid, plain = Pyramid(region, clean, seed=3, aside=aside), Pyramid(region, clean, seed=3)
        for one in (pyramid, plain):
            one.grids = [grid * 20 for grid in one.grids]
        assert torch.equal(pyramid.layer(), plain.layer())
        weights = torch.randn(plain.layer().shape, generator=draw)
        gradients = pyramid.gradients(weights)
        for place, gradient in enumerate(gradients):
            direction = gradient / gradient.norm()
            values = []
            for sign in (1, -1):
                plain.grids[place] = pyramid.grids[place] + sign * 0.05 * direction
                values.append(float((plain.layer() * weights).double().sum()))
            plain.grids[place] = pyramid.grids[place]
            assert (values[0] - values[1]) / 0.1 == pytest.approx(float(gradient.norm()), rel=0.02)


def test_the_pyramid_covers_just_where_the_cloak_acts() -> None:
    region = around(face_at(100, 80, 120))
    pyramid = Pyramid(region, evenly(region, 0.8), seed=3)
    acts = region.feather()[0, 0] > 0
    rows, columns = pyramid.part
    assert pyramid.layer().shape[2:] == acts[rows, columns].shape
    assert acts[rows, columns].sum() == acts.sum()
    assert acts[rows].any(1).all()
    assert acts[:, columns].any(0).all()
