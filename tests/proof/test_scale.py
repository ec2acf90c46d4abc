"""A cosine means something only on its recogniser's own scale; for an unmeasured one the most cautious scale holds."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import SmallEncoder

from photoguard.packs.description import STUDENTS
from photoguard.proof.scale import Scale, scale_of

ROWS = tomllib.loads(resources.files("photoguard.proof").joinpath("calibration.toml").read_text("utf-8"))["scale"]


class Measured(SmallEncoder):
    """An encoder whose file is known."""

    def __init__(self, sha256: str, name: str = "whatever") -> None:
        super().__init__(name)
        object.__setattr__(self, "sha256", sha256)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_stored_numbers_are_in_order_and_the_group_apart_needs_the_wider_margin(row: dict[str, float]) -> None:
    assert row["strangers"] < row["far1e-2"] < row["far1e-3"] < row["own"]
    if row["name"] in STUDENTS:
        # they judge nobody
        return
    assert row["apart_far1e-2"] > row["far1e-2"]
    assert row["apart_above_far1e-3"] > 0.001


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_file_is_known_by_its_hash_not_by_its_name(row: dict[str, str]) -> None:
    name = row["name"] if not row["sha256"] else "renamed"
    scale = scale_of(Measured(row["sha256"], name))
    assert not scale.is_assumed
    assert scale.likeness(float(row["strangers"])) == 0
    assert scale.likeness(float(row["far1e-3"])) == pytest.approx(50)
    assert scale.likeness(float(row["own"])) == pytest.approx(100)


def test_a_stranger_that_borrows_a_known_name_is_not_measured() -> None:
    assert scale_of(Measured("0" * 64, "foamliu")).is_assumed
    assert scale_of(Measured("0" * 64, "dlib")).is_assumed
    assert scale_of(SmallEncoder("small")).is_assumed


@given(cosine=st.floats(-1, 1))
def test_the_assumed_scale_never_says_less_likeness_than_any_measured_one(cosine: float) -> None:
    assumed = scale_of(SmallEncoder("small"))
    for row in ROWS:
        if row["sha256"]:
            scale = scale_of(Measured(row["sha256"]))
            assert assumed.likeness(cosine) >= scale.likeness(cosine) - 1e-9


@given(one=st.floats(-1, 1), other=st.floats(-1, 1))
def test_more_alike_is_never_less_likeness(one: float, other: float) -> None:
    scale = Scale(0.0, 0.2, 0.3, 0.6)
    low, high = sorted((one, other))
    assert 0 <= scale.likeness(low) <= scale.likeness(high) <= 100
