"""Platforms are data: one table, read whole, that means what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.domain import Platform
from photoguard.platforms import HANDLINGS, WAYS, Handling, Step

SIDES = st.integers(16, 9000)


def test_every_platform_has_its_usual_way_and_no_way_is_listed_twice() -> None:
    assert set(HANDLINGS) == set(Platform)
    names = [way.name for way in WAYS]
    assert len(set(names)) == len(names)
    assert {"sent_twice", "screenshot", "kakaotalk_low", "whatsapp_hd", "telegram_desktop"} <= set(names)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_says_how_we_know_and_ends_in_a_jpeg(way: Handling) -> None:
    assert way.confidence in {"code", "reported", "chosen"}
    assert way.source
    assert way.steps[-1].quality
    assert 50 <= way.quality <= 95


@pytest.mark.parametrize("way", HANDLINGS.values(), ids=lambda way: way.name)
@given(size=st.tuples(SIDES, SIDES))
def test_platforms_never_enlarge_and_keep_to_their_limits(way: Handling, size: tuple[int, int]) -> None:
    assert len(way.steps) == 1
    step = way.steps[0]
    after = step.size_after(size)
    assert way.zoom(size) <= 1
    assert after[0] <= size[0]
    assert not step.width or after[0] <= step.width
    assert not step.longer_side or max(after) <= step.longer_side


def test_a_screen_enlarges_small_photos_too() -> None:
    screenshot = next(way for way in WAYS if way.name == "screenshot")
    assert screenshot.zoom((540, 400)) == pytest.approx(2)
    assert screenshot.zoom((2160, 400)) == pytest.approx(0.5)


def test_two_steps_reduce_one_after_the_other() -> None:
    twice = Handling("t", (Step(longer_side=1000, quality=80), Step(width=500, quality=70)), "chosen", "-")
    assert twice.zoom((2000, 1000)) == pytest.approx(0.25)
    assert twice.quality == 70
