"""The heavy engine: chosen faces, and one real photo through a real process."""

from __future__ import annotations

import functools
import queue
from pathlib import Path

import numpy as np
import pytest
from stand_ins import FixedDetector, face_at

from photoguard.domain import Options, OutcomeKind, Strength
from photoguard.worker.chosen_faces import ChosenFaces
from photoguard.worker.client import EngineClient
from photoguard.worker.cloaking import cloaking_engine
from photoguard.worker.messages import Event, Finished, Progressed, Protect, Region

_RGB = np.zeros((400, 600, 3), np.uint8)
_SIZE = 600, 400
_LEFT, _RIGHT = face_at(50, 100, 80), face_at(400, 120, 90)


def _detect(left_out: list[Region], added: list[Region]) -> list[tuple[float, float]]:
    chosen = ChosenFaces(FixedDetector((_LEFT, _RIGHT)), left_out, added)
    faces = chosen.detect(_RGB, thorough=False, check=lambda: None)
    return [(round(face.box.x), round(face.box.y)) for face in faces]


def test_a_face_that_was_taken_out_stays_out_at_every_size_of_the_photo() -> None:
    nearly = Region((_LEFT.box.x + 4) / 600, (_LEFT.box.y - 3) / 400, _LEFT.box.width / 600, _LEFT.box.height / 400)
    assert _detect([nearly], []) == [(400, 120)]


def test_a_face_that_was_pointed_out_is_added_once() -> None:
    missed = Region(0.45, 0.3, 0.1, 0.2)
    assert _detect([], [missed]) == [(50, 100), (400, 120), (270, 120)]
    assert _detect([], [Region.of(_RIGHT.box, _SIZE)]) == [(50, 100), (400, 120)]


def test_the_points_of_a_hand_drawn_face_lie_inside_its_box_and_upright() -> None:
    chosen = ChosenFaces(FixedDetector(()), [], [Region(0.5, 0.25, 0.2, 0.4)])
    (face,) = chosen.detect(_RGB, thorough=False, check=lambda: None)
    left_eye, right_eye, nose, *mouth = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(y for _, y in mouth)
    assert all(300 <= x <= 420 and 100 <= y <= 260 for x, y in face.landmarks)


@pytest.mark.slow
def test_protects_a_real_portrait_in_a_real_process(portrait: Path, tmp_path: Path) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    client = EngineClient(functools.partial(cloaking_engine, 1), events.put)
    try:
        options = Options(strength=Strength.GENTLE, models=("dlib",))
        client.submit(Protect(1, portrait, tmp_path / "copy.png", options))
        stages = []
        while isinstance(event := events.get(timeout=600), Progressed):
            stages.append(event.progress.stage)
    finally:
        client.close()
    assert isinstance(event, Finished)
    judgement = event.outcome.judgement
    assert judgement is not None
    assert judgement.took_part == ("dlib",)
    assert judgement.judges == ()
    assert event.outcome.kind is OutcomeKind.PROTECTED
    assert event.outcome.output is not None
    assert event.outcome.output.is_file()
    assert stages == sorted(stages, key=["reading", "finding_faces", "cloaking", "writing", "checking"].index)
