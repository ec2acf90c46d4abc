"""What may happen to a photo on its way to an encoder."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from stand_ins import drawn, face_at

from photoguard.cloak.views import ViewRange, draw, reduced, through_jpeg
from photoguard.domain import Platform
from photoguard.platforms import HANDLINGS

FACE = face_at(40, 30, 96)


def picture() -> torch.Tensor:
    return torch.from_numpy(drawn(192, 192, (FACE,))).permute(2, 0, 1)[None].float() / 255


def test_jpeg_is_what_pillow_makes_of_it() -> None:
    seen = through_jpeg(picture(), 70)
    coded = io.BytesIO()
    Image.fromarray(drawn(192, 192, (FACE,))).save(coded, "JPEG", quality=70, subsampling=2)
    expected = torch.from_numpy(np.array(Image.open(coded))).permute(2, 0, 1)[None].float() / 255
    assert torch.allclose(seen, expected, atol=1e-6)


def test_gradients_pass_straight_through_jpeg() -> None:
    one = picture().requires_grad_()
    weights = torch.randn(one.shape, generator=torch.Generator().manual_seed(0))
    (gradient,) = torch.autograd.grad((through_jpeg(one, 80) * weights).sum(), one)
    assert torch.equal(gradient, weights)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_gradients_reach_the_picture(share: float) -> None:
    one = picture().requires_grad_()
    ways = replace(ViewRange(), jpeg_share=share, blur_share=share)
    view = draw(one, FACE, ways, np.random.default_rng(0))
    (gradient,) = torch.autograd.grad(view.picture.square().sum(), one)
    assert gradient.isfinite().all()
    assert (gradient.abs().sum((0, 1)) > 0).float().mean() > 0.9


def test_landmarks_shrink_with_the_picture() -> None:
    chance = np.random.default_rng(4)
    for _ in range(20):
        view = draw(picture(), FACE, ViewRange(), chance)
        zoom = view.picture.shape[-1] / 192
        for (x, y), (u, v) in zip(FACE.landmarks, view.face.landmarks, strict=True):
            assert (u + 0.5, v + 0.5) == pytest.approx(((x + 0.5) * zoom, (y + 0.5) * zoom))


def test_views_span_their_range_and_follow_the_seed() -> None:
    def sides(seed: int) -> list[int]:
        chance = np.random.default_rng(seed)
        return [draw(picture(), FACE, ViewRange(), chance).picture.shape[-1] for _ in range(60)]

    assert sides(1) == sides(1)
    assert sides(1) != sides(2)
    low, high = ViewRange().sizes
    assert min(sides(1)) < 192 * (low + 0.1)
    assert max(sides(1)) > 192 * (high - 0.1)


@pytest.mark.parametrize("platform", [p for p in Platform if p is not Platform.ANY])
def test_a_platform_narrows_the_views_around_its_jpeg(platform: Platform) -> None:
    ways, free = ViewRange.after(platform, (800, 600)), ViewRange.after(Platform.ANY, (800, 600))
    assert free == ViewRange()
    low, high = ways.jpeg_qualities
    assert low <= HANDLINGS[platform].quality <= high <= 95
    assert high - low < free.jpeg_qualities[1] - free.jpeg_qualities[0]
    assert ways.sizes[0] > free.sizes[0]


def test_views_are_no_larger_than_what_will_be_posted() -> None:
    wide = ViewRange.after(Platform.ANY, (4320, 2000))
    assert wide.posted_zoom == pytest.approx(0.25)
    for zoom in (0.3, 0.5, 1.0):
        low, high = wide.at(zoom, 200).sizes
        assert low < high <= max(0.45, 1.2 * 0.25 / zoom)
    assert ViewRange().at(1.0, 290) == ViewRange()


@pytest.mark.parametrize("side", [240, 400, 717])
def test_views_of_a_large_face_are_no_larger_than_encoders_resolve(side: int) -> None:
    low, high = ViewRange().at(1.0, side).sizes
    assert low < high
    assert high * side <= 300
    assert low * side >= min(180, 0.35 * side) - 1e-6


@pytest.mark.parametrize("side", [45, 100, 163, 250])
def test_views_of_a_small_face_are_not_smaller_than_recognisers_know_it(side: int) -> None:
    low, high = ViewRange().at(1.0, side).sizes
    assert high == 1.0
    assert 0.35 <= low <= 0.6
    assert low == pytest.approx(0.6) or low * side >= 87.5


@pytest.mark.parametrize("side", [70, 128, 190])
def test_the_quick_gradient_of_reducing_is_the_true_one(side: int) -> None:
    one, same = picture().requires_grad_(), picture().requires_grad_()
    first = torch.nn.functional.avg_pool2d(same, 2) if same.shape[-1] >= 2 * side else same
    small, plain = reduced(one, side), antialiased(first, side)
    assert torch.allclose(small, plain, atol=1e-5)
    weights = torch.randn(small.shape, generator=torch.Generator().manual_seed(0))
    (ours,) = torch.autograd.grad((small * weights).sum(), one)
    (true,) = torch.autograd.grad((plain * weights).sum(), same)
    inner = (..., slice(8, -8), slice(8, -8))  # at the border the kernel is cut off and weighed anew
    assert float((ours[inner] - true[inner]).norm() / true[inner].norm()) < 0.03


def test_halving_first_changes_next_to_nothing() -> None:
    apart = reduced(picture(), 70) - antialiased(picture(), 70)
    assert float(apart.square().mean().sqrt()) < 0.003


def antialiased(clean: torch.Tensor, side: int) -> torch.Tensor:
    return torch.nn.functional.interpolate(clean, (side, side), mode="bicubic", antialias=True)
