"""The values between the rooms: frozen, light, and the contract's words."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from photoguard import domain
from photoguard.domain import Box, Encoding, FaceReport, ImageFormat, Options, Outcome, OutcomeKind, Photo, Proof, Stage
from photoguard.errors import Problem, ProblemCode

CLASSES = [value for value in vars(domain).values() if dataclasses.is_dataclass(value) and value is not Problem]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_value_is_frozen(kind: type) -> None:
    assert kind.__dataclass_params__.frozen


def test_nothing_heavy_is_behind_them() -> None:
    code = "import sys, photoguard.domain; assert not {'torch', 'dlib', 'PIL', 'numpy', 'PySide6'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_outcomes_are_the_words_of_the_report() -> None:
    assert [*OutcomeKind] == ["protected", "scrubbed", "no_face", "refused", "failed", "skipped"]


def test_the_defaults_are_those_of_the_contract() -> None:
    options = Options()
    assert (options.strength, options.platform, options.faces, options.output_format) == (
        "standard",
        "any",
        "all",
        "keep",
    )
    assert not options.shield_edits
    assert options.models == ()
    assert options.persona is None


def test_options_can_be_compared_and_remembered() -> None:
    assert Options() == Options()
    assert hash(Options(models=("a",))) == hash(Options(models=("a",)))
    assert Options(seed=1) != Options()


def test_an_outcome_travels_between_processes() -> None:
    face = FaceReport(
        Box(1, 2, 3, 4), {"dlib": {"file": 0.5}}, {"psnr": 40.0}, problem=Problem(ProblemCode.FACE_TOO_SMALL)
    )
    proof = Proof(is_clean=True, same_size=True, sha256="0", size_bytes=1)
    outcome = Outcome(Path("a"), Path("b"), OutcomeKind.PROTECTED, faces=(face,), proof=proof, notes=("rotated",))
    assert pickle.loads(pickle.dumps(outcome)) == outcome


@pytest.mark.parametrize(("shape", "is_grey"), [((20, 30), True), ((20, 30, 3), False)])
def test_a_photo_tells_width_before_height(shape: tuple[int, ...], *, is_grey: bool) -> None:
    photo = Photo(np.zeros(shape, np.uint8), None, Encoding(ImageFormat.PNG))
    assert photo.size == (30, 20)
    assert photo.is_grey is is_grey


def test_a_silent_listener_takes_everything() -> None:
    for stage in Stage:
        assert domain.silent(domain.Progress(stage)) is None


def test_progress_never_goes_back_and_a_shield_takes_its_part_of_it() -> None:
    at = domain.Progress
    shield = [at(Stage.SHIELDING, step=step, steps=40) for step in range(0, 41, 8)]
    cloak = [at(Stage.CLOAKING, face, 2, step, 9, before_shield=True) for face in (1, 2) for step in range(0, 10, 3)]
    shares = [one.share for one in (at(Stage.FINDING_FACES), *cloak, *shield, at(Stage.WRITING), at(Stage.CHECKING))]
    assert shares == sorted(shares)
    assert cloak[-1].share == pytest.approx(shield[0].share)
    assert shield[-1].share == pytest.approx(at(Stage.WRITING).share)
    assert shield[0].share < at(Stage.CLOAKING, 2, 2, 9, 9).share - 0.2
