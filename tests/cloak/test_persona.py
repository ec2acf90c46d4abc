"""A persona lies where its seed says, near nobody; and what is pushed away is the person rather than one photo."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import SmallEncoder, drawn, face_at

from photoguard.cloak.likeness import _PERSON, _PULL, Likeness, embedding
from photoguard.cloak.persona import direction
from photoguard.cloak.views import View
from photoguard.domain import Part, Persona

FACE = face_at(60, 50, 96)


def unit(seed: int, size: int = 128) -> torch.Tensor:
    drawn_one = torch.randn(1, size, generator=torch.Generator().manual_seed(seed))
    return drawn_one / drawn_one.norm()


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 99))
def test_it_is_a_unit_vector_far_from_the_person(seed: bytes, number: int) -> None:
    own = unit(number)
    there = direction(Persona("a", seed), SmallEncoder(), own)
    assert there.shape == own.shape
    assert float(there.norm()) == pytest.approx(1, abs=1e-5)
    assert abs(float((there * own).sum())) < 1e-5
    assert torch.equal(there, direction(Persona("b", seed), SmallEncoder(), own))


def test_other_seeds_and_other_encoders_mean_other_places() -> None:
    own = unit(0)
    places = [
        direction(Persona("a", bytes([seed] * 32)), SmallEncoder(name), own)
        for seed in range(8)
        for name in ("one", "two")
    ]
    cosines = torch.cat(places) @ torch.cat(places).T - torch.eye(len(places))
    assert float(cosines.abs().max()) < 0.5


def test_for_two_photos_of_a_person_it_is_nearly_the_same_place() -> None:
    persona = Persona("a", b"s" * 32)
    one = unit(1)
    other = one + 0.5 * unit(2)
    places = [direction(persona, SmallEncoder(), own) for own in (one, other / other.norm())]
    assert float((places[0] * places[1]).sum()) > 0.9


def picture(shade: float) -> torch.Tensor:
    pixels = np.clip(drawn(240, 220, (FACE,)) * shade, 0, 255)
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


def test_without_a_part_it_is_the_likeness_to_this_photo() -> None:
    likeness = Likeness([SmallEncoder()], picture(1.0), FACE)
    chance = np.random.default_rng(0)
    assert float(likeness.of(View(picture(1.0), FACE), [0], 0.0, chance)) == pytest.approx(1, abs=1e-5)


def test_with_a_part_it_is_the_likeness_to_the_person_less_the_persona() -> None:
    encoder = SmallEncoder()
    own, seen = (embedding(encoder, picture(shade), FACE) for shade in (1.0, 0.6))
    person = unit(3, own.shape[1])
    part = Part(Persona("a", b"s" * 32), {"small": tuple(person[0].tolist())})
    likeness = Likeness([encoder], picture(1.0), FACE, part)
    away = own + _PERSON * person
    away = away / away.norm() - _PULL * direction(part.persona, encoder, own)
    found = likeness.of(View(picture(0.6), FACE), [0], 0.0, np.random.default_rng(0))
    assert float(found) == pytest.approx(float((away * seen).sum()), abs=1e-5)


def test_an_encoder_that_does_not_know_the_person_goes_by_the_photo() -> None:
    part = Part(Persona("a", b"s" * 32), {"another": (1.0, 0.0)})
    likeness = Likeness([SmallEncoder()], picture(1.0), FACE, part)
    found = likeness.of(View(picture(1.0), FACE), [0], 0.0, np.random.default_rng(0))
    assert float(found) == pytest.approx(1, abs=1e-4)  # a persona at a right angle takes nothing off
