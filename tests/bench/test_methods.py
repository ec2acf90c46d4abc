"""Every published method holds the same double budget on the file it writes, and does something within it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard.bench.methods import METHODS, Task, method
from photoguard.bench.methods.workpiece import greatest_scale
from photoguard.bench.recognising import vectors
from photoguard.cloak import PRESETS, Budget
from photoguard.cloak.layer import Layer
from photoguard.cloak.region import around, display_crop
from photoguard.cloak.visibility import Judge, Visibility
from photoguard.domain import FaceChoice, Options, Progress, Strength
from photoguard.errors import Cancelled, Failed, ProblemCode, UsageMistake
from photoguard.pixels import decode
from photoguard.toolbox import Toolbox

_FACE = face_at(60, 40, 100)
_ENCODER = SmallEncoder()
_TOOLBOX = Toolbox(FixedDetector((_FACE,)), (_ENCODER,))
_BASELINES = [name for name in METHODS if not name.startswith("photoguard")]


def _task(folder: Path, *, grey: bool = False, strength: Strength = Strength.STANDARD, to: str = "out.png") -> Task:
    source = folder / "in.png"
    Image.fromarray(drawn(220, 220, (_FACE,), grey=grey)).save(source)
    away = -np.array(vectors(drawn(220, 220, (_FACE,)), _FACE, [_ENCODER])[_ENCODER.name])
    options = Options(strength=strength, models=("small",), faces=FaceChoice.LARGEST)
    return Task(source, folder / to, options, {_ENCODER.name: tuple(away)})


_PRESETS = dict(PRESETS)


@pytest.fixture(autouse=True)
def _as_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The few steps of other tests (conftest.py) are too few for some strengths."""
    for strength, preset in _PRESETS.items():
        monkeypatch.setitem(PRESETS, strength, preset)


def _silent(progress: Progress) -> None:
    pass


@pytest.mark.parametrize("name", _BASELINES)
def test_a_method_holds_the_budget_on_its_file_and_lowers_the_likeness(tmp_path: Path, name: str) -> None:
    task = _task(tmp_path)
    written = method(name).protect(task, _TOOLBOX, _silent)
    assert written.problem is None
    assert written.output == task.destination
    before, after = decode(task.source.read_bytes()).pixels, decode(written.output.read_bytes()).pixels
    seen = Judge(display_crop(before, _FACE.box)).visibility(display_crop(after, _FACE.box))
    budget = PRESETS[Strength.STANDARD].budget
    assert budget.holds(seen.ssimulacra2, seen.butteraugli)
    # and spends it, or nearly so: a comparison at equal visibility
    assert seen.ssimulacra2 < budget.least_ssimulacra2 + 4 or seen.butteraugli > 0.9 * budget.most_butteraugli
    own = np.array(vectors(before, _FACE, [_ENCODER])["small"])
    left = float(np.array(vectors(after, _FACE, [_ENCODER])["small"]) @ own)
    noise = np.random.default_rng(0).permutation((after.astype(int) - before).reshape(-1, 3)).reshape(before.shape)
    shuffled = np.clip(before + noise, 0, 255).astype(np.uint8)
    by_chance = float(np.array(vectors(shuffled, _FACE, [_ENCODER])["small"]) @ own)
    assert left < by_chance - 0.02


@pytest.mark.parametrize("name", ["fawkes", "momentum-eot"])
def test_a_grey_photo_stays_grey_and_the_surroundings_stay_as_they_are(tmp_path: Path, name: str) -> None:
    task = _task(tmp_path, grey=True, strength=Strength.GENTLE)
    written = method(name).protect(task, _TOOLBOX, _silent)
    assert written.output is not None
    before, after = decode(task.source.read_bytes()).pixels, decode(written.output.read_bytes()).pixels
    assert after.shape == before.shape
    assert after.ndim == 2
    assert not np.array_equal(before, after)
    assert np.array_equal(before[:, -30:], after[:, -30:])
    assert np.array_equal(before[-30:], after[-30:])


@pytest.mark.parametrize("name", ["momentum-eot", "fawkes2"])
def test_the_same_seed_gives_the_same_file(tmp_path: Path, name: str) -> None:
    files = [
        method(name).protect(_task(tmp_path, strength=Strength.GENTLE, to=f"{n}.png"), _TOOLBOX, _silent).output
        for n in range(2)
    ]
    assert files[0] is not None
    assert files[1] is not None
    assert files[0].read_bytes() == files[1].read_bytes()


def test_in_a_folder_a_photo_moves_away_from_the_person_of_the_other_photos(tmp_path: Path) -> None:
    reader = SmallEncoder(name="dlib")
    toolbox = Toolbox(_TOOLBOX.detector, (reader,), reader=reader)
    other = tmp_path / "other.png"
    Image.fromarray(np.roll(drawn(220, 220, (_FACE,)), 1, axis=1)).save(other)

    def written(before: tuple[Path, ...], after: tuple[Path, ...], to: str) -> bytes:
        task = _task(tmp_path, strength=Strength.GENTLE, to=to)
        task = replace(task, album=(*before, task.source, *after))
        output = method("photoguard-folder").protect(task, toolbox, _silent).output
        assert output is not None
        return output.read_bytes()

    alone, as_second, as_first = (
        written(*seen, f"{number}.png") for number, seen in enumerate((((), ()), ((other,), ()), ((), (other,))))
    )
    assert as_second == as_first
    assert alone != as_first


@pytest.mark.parametrize("name", list(METHODS))
def test_cancelling_stops_a_method_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    task = _task(tmp_path)

    def stop(progress: Progress) -> None:
        if progress.step == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        method(name).protect(task, _TOOLBOX, stop)
    assert [path.name for path in tmp_path.iterdir()] == ["in.png"]


@pytest.mark.parametrize("name", list(METHODS))
def test_a_photo_without_a_face_is_given_up_with_its_reason(tmp_path: Path, name: str) -> None:
    written = method(name).protect(_task(tmp_path), Toolbox(FixedDetector(()), (_ENCODER,)), _silent)
    assert written.output is None
    assert written.problem is not None
    assert written.problem.code is ProblemCode.NO_FACE


def test_a_mistake_of_the_program_ends_the_bench_instead_of_counting_as_given_up(tmp_path: Path) -> None:
    class Broken(SmallEncoder):
        def embed(self, chips: torch.Tensor) -> torch.Tensor:
            raise KeyError("scale")

    with pytest.raises(Failed) as caught:
        method("photoguard").protect(_task(tmp_path), Toolbox(_TOOLBOX.detector, (Broken(),)), _silent)
    assert caught.value.problem.code is ProblemCode.INTERNAL
    assert caught.value.problem.facts["kind"] == "KeyError"


def test_an_unknown_method_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UsageMistake) as caught:
        method("magic")
    assert caught.value.problem.code is ProblemCode.UNKNOWN_METHOD
    assert "fawkes" in str(caught.value.problem.facts["known"])


class _Ruler:
    """Shows a visibility that follows from the scale alone."""

    def __init__(self, look: Callable[[float], Visibility]) -> None:
        self.region = around(_FACE)
        self._look = look

    def seen(self, _layer: Layer, scale: float) -> Visibility:
        return self._look(scale)


@pytest.mark.parametrize(
    ("look", "best"),
    [
        (lambda s: Visibility(100 - 35 * s, 1.0 * s), 1.0),  # the score binds
        (lambda s: Visibility(100 - 5 * s, 4.4 * s), 0.5),  # the distance binds
        (
            lambda s: Visibility(100 - 35 * (s / 3) ** 2, 0.1),
            3.0,
        ),  # far below the budget at first, and not in proportion
        (lambda s: Visibility(100 if s < 0.7 else 20, 0.1), 0.7),  # all at once
        (lambda s: Visibility(99, 0.1 * s), 8.0),  # never: the limit of growth
    ],
)
def test_the_greatest_scale_within_the_budget_is_found(look: Callable[[float], Visibility], best: float) -> None:
    layer = Layer(around(_FACE), np.zeros((1, 1, 3), np.float32))
    found = greatest_scale(_Ruler(look), layer, Budget(65.0, 2.2))  # type: ignore[arg-type]
    assert 0.93 * best <= found <= best + 1e-6
