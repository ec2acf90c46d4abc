"""The estimate learns from finished photos, whether they have a pattern against editors or not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from photoguard.domain import Box, FaceReport, Outcome, OutcomeKind
from photoguard.gui.estimate import Pace
from photoguard.gui.queue_model import Entry
from photoguard.worker.messages import Region

FACE = FaceReport(Box(1, 2, 3, 4), {}, {})
WAITING = Entry(2, Path("b"), Path("b"), faces=(Region(0, 0, 0.5, 0.5),))


def finished(seconds: float, *, is_shielded: bool) -> Entry:
    shield = {"taef2": {"shift": 0.7}} if is_shielded else {}
    outcome = Outcome(Path("a"), Path("c"), OutcomeKind.PROTECTED, faces=(FACE,), shield=shield, seconds=seconds)
    return replace(WAITING, outcome=outcome)


@pytest.mark.parametrize("is_shielded", [True, False])
def test_photos_like_the_last_one_take_as_long(is_shielded: bool) -> None:
    pace = Pace()
    pace.learn(finished(12.0, is_shielded=is_shielded))
    assert pace.seconds_for([WAITING], is_shielding=is_shielded) == pytest.approx(12.0)


def test_a_pattern_takes_longer_and_without_a_face_there_is_none() -> None:
    pace = Pace(4.0)
    plain, shielded = (pace.seconds_for([WAITING], is_shielding=wish) for wish in (False, True))
    assert plain == pytest.approx(4.0)
    assert shielded is not None
    assert shielded >= 1.5 * plain
    faceless = [replace(WAITING, faces=())]
    assert pace.seconds_for(faceless, is_shielding=True) == pace.seconds_for(faceless)


def test_nothing_is_said_before_anything_was_measured() -> None:
    assert Pace().seconds_for([WAITING], is_shielding=True) is None
