"""The descent follows what stays, not what is large, and goes as far as Adam would."""

from __future__ import annotations

import pytest
import torch

from photoguard.cloak.adabelief import AdaBelief

BETAS = (0.7, 0.99)


def descended(gradients: torch.Tensor, length: float = 0.1) -> torch.Tensor:
    """Where steps down ``gradients`` (steps, n) lead from zero."""
    place = torch.zeros(gradients.shape[1])
    descent = AdaBelief([place], BETAS)
    for gradient in gradients:
        descent.step([gradient], length)
    return place


def adam(gradients: torch.Tensor, length: float = 0.1) -> torch.Tensor:
    place = torch.zeros(gradients.shape[1], requires_grad=True)
    reference = torch.optim.Adam([place], lr=length, betas=BETAS)
    for gradient in gradients:
        place.grad = gradient.clone()
        reference.step()
    return place.detach()


def test_it_finds_the_bottom_of_a_bowl() -> None:
    place = torch.tensor([3.0, -2.0, 0.5])
    descent = AdaBelief([place], BETAS)
    for step in range(200):
        descent.step([2 * place * torch.tensor([1.0, 100.0, 0.01])], 0.1 * (1 - step / 200))
    assert place.abs().max() < 0.1


def test_a_steady_gradient_counts_more_than_a_wavering_one_of_the_same_size() -> None:
    steps = 40
    steady = torch.ones(steps)
    wavering = torch.where(torch.arange(steps) % 4 < 3, 1.0, -1.0)
    far, near = (-descended(torch.stack([steady, wavering], 1))).tolist()
    adams_far, adams_near = (-adam(torch.stack([steady, wavering], 1))).tolist()
    assert far > 0 < near
    assert far / near > 1.2 * adams_far / adams_near


def test_its_steps_are_as_long_as_adams_and_the_gradients_unit_does_not_matter() -> None:
    draw = torch.Generator().manual_seed(1)
    gradients = torch.randn(1, 500, generator=draw)
    one = descended(gradients)
    assert one.square().mean().sqrt().item() == pytest.approx(adam(gradients).square().mean().sqrt().item(), rel=1e-3)
    several = torch.randn(5, 500, generator=draw)
    assert torch.allclose(descended(several), descended(1000 * several), atol=1e-4)


def test_what_has_no_slope_stays() -> None:
    still, moved = torch.ones(3), torch.ones(3)
    AdaBelief([still, moved], BETAS).step([torch.zeros(3), torch.ones(3)], 0.5)
    assert torch.equal(still, torch.ones(3))
    assert (moved < 1).all()
