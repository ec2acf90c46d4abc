"""The figures are those that one would work out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from photoguard.bench.running import Measured
from photoguard.bench.summary import summarised
from photoguard.domain import Strength


def _at(degrees: float) -> list[float]:
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _measured(shift: float, *, photos: int = 4, missing: tuple[str, ...] = ()) -> Measured:
    """Ada's photos lie at 0, 1, 2 ... degrees, and every method turns them by ``shift``."""
    clean = {
        f"a{n}": {"person": "ada", "clean": {"judge": _at(n)}, "posted": {"judge": _at(n + 0.5)}} for n in range(photos)
    }
    tries: list[dict[str, Any]] = [
        {"photo": f"a{n}", "problem": "cloak_too_weak", "seconds": 1.0, "stages": {}}
        if f"a{n}" in missing
        else {
            "photo": f"a{n}",
            "vectors": {"judge": _at(n + shift)},
            "visibility": {"psnr": 30.0 + n},
            "seconds": 5.0,
            "stages": {"cloaking": 4.0},
            "peak_mb": 100.0 + n,
        }
        for n in range(photos)
    ]
    return Measured(clean, {("method", Strength.STANDARD): tries})


def test_likeness_and_pairs_are_counted_by_hand() -> None:
    zero, one = summarised(_measured(60.0), ["judge"], [], {"judge": _cos(60.5)})
    assert (zero.method, zero.strength) == ("unprotected", None)
    assert (one.photos, one.pairs, one.people, one.albums) == (4, 12, 1, 1)
    assert one.evaluators.own.mean == pytest.approx(_cos(60))
    # photo n against photo m lies at 60 + n - m degrees; below the threshold from 60.5 on, which is n > m: half of the pairs
    assert one.evaluators.below is not None
    assert one.evaluators.below.mean == pytest.approx(0.5)
    expected = np.mean([_cos(60 + n - m) for n in range(4) for m in range(4) if n != m])
    assert one.evaluators.others.mean == pytest.approx(expected)
    assert one.evaluators.album is not None
    assert one.evaluators.album.mean == pytest.approx(_cos(60), abs=1e-6)


def test_the_zero_line_is_the_unprotected_photo_after_posting() -> None:
    zero, _ = summarised(_measured(60.0), ["judge"], [], {"judge": _cos(2.6)})
    assert zero.evaluators.own.mean == pytest.approx(_cos(0.5))
    # 0.5 + n - m is beyond 2.6 degrees only for n - m = 3 and n - m = -4...: one pair of twelve, and -3 lies at -2.5
    assert zero.evaluators.below is not None
    assert zero.evaluators.below.mean == pytest.approx(1 / 12)


def test_a_photo_that_a_method_gave_up_counts_as_unprotected() -> None:
    _, one = summarised(_measured(60.0, missing=("a0", "a1")), ["judge"], [], {"judge": _cos(30)})
    assert one.given_up == {"cloak_too_weak": 2}
    assert one.photos == 4
    assert one.evaluators.below is not None
    assert one.evaluators.below.mean == pytest.approx(0.5)
    assert one.evaluators.own.mean == pytest.approx((_cos(0.5) + _cos(60)) / 2)
    # what it costs and shows is known of the others only
    assert one.visibility["psnr"].median == pytest.approx(32.5)
    assert one.seconds is not None
    assert one.seconds.median == pytest.approx(4.0)
    assert one.peak_mb == pytest.approx(103.0)


def test_an_album_needs_four_photos() -> None:
    _, one = summarised(_measured(60.0, photos=3), ["judge"], [], {"judge": 0.5})
    assert one.evaluators.album is None
    assert one.albums == 0


def test_photos_that_are_pushed_apart_average_back_to_the_person() -> None:
    """The figure that singles cannot show."""
    measured = _measured(60.0)
    for number, record in enumerate(measured.protected["method", Strength.STANDARD]):
        record["vectors"] = {"judge": _at(60.0 if number % 2 else -60.0)}
    _, one = summarised(measured, ["judge"], [], {"judge": 0.5})
    assert one.evaluators.album is not None
    assert one.evaluators.album.mean > 0.99
    assert one.evaluators.own.mean < 0.53


def test_the_interval_holds_the_mean_and_closes_where_people_agree() -> None:
    measured = _measured(60.0)
    for record in [*measured.clean.values()]:
        twin = {**record, "person": "bo"}
        measured.clean["b" + str(len(measured.clean))] = twin
    names = [name for name, record in measured.clean.items() if record["person"] == "bo"]
    tries = measured.protected["method", Strength.STANDARD]
    tries += [{**one, "photo": name} for one, name in zip(tries, names, strict=True)]
    _, one = summarised(measured, ["judge"], [], {"judge": 0.5})
    own = one.evaluators.own
    assert own.low == pytest.approx(own.mean) == pytest.approx(own.high)
    for record in tries[4:]:
        record["vectors"] = {"judge": _at(10)}
    _, one = summarised(measured, ["judge"], [], {"judge": 0.5})
    own = one.evaluators.own
    assert own.low < own.mean - 0.1 < own.mean + 0.1 < own.high


def test_surrogates_are_reported_apart_and_do_not_touch_the_headline() -> None:
    measured = _measured(60.0)
    for record in measured.clean.values():
        for view in ("clean", "posted"):
            record[view]["mine"] = _at(0)
    for record in measured.protected["method", Strength.STANDARD]:
        record["vectors"]["mine"] = _at(180)
    alone = summarised(_measured(60.0), ["judge"], [], {"judge": 0.5})[1]
    both = summarised(measured, ["judge"], ["mine"], {"judge": 0.5})[1]
    assert both.evaluators == alone.evaluators
    assert both.by_recogniser["mine"].own.mean == pytest.approx(-1)


def test_times_are_compared_photo_by_photo_and_stages_add_up() -> None:
    measured = _measured(60.0)
    slower = [
        {**record, "stages": {"cloaking": 8.0, "writing": 2.0}}
        for record in measured.protected["method", Strength.STANDARD]
    ]
    measured.protected["other", Strength.STANDARD] = slower
    _, one, other = summarised(measured, ["judge"], [], {"judge": 0.5})
    assert one.time_ratio is not None
    assert one.time_ratio.median == pytest.approx(1)
    assert other.time_ratio is not None
    assert other.time_ratio.median == pytest.approx(2)
    assert other.stages == pytest.approx({"cloaking": 0.8, "writing": 0.2})
