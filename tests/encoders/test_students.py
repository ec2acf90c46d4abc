"""The built-in students: they load, embed, and what moves them away from a face moves their teachers too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from photoguard.encoders import students
from photoguard.encoders.chips import cut
from photoguard.encoders.students.loading import load, read
from photoguard.encoders.train.agreement import agreement
from photoguard.encoders.train.teacher import teacher_of
from photoguard.errors import Failed, ProblemCode
from photoguard.faces import alignment
from photoguard.faces.dlib_detector import DlibDetector
from photoguard.packs.description import STUDENTS
from photoguard.packs.tensors import tensors, written
from photoguard.pixels import decode
from photoguard.places import asset

MOST_BYTES = 12_000_000
"""Of all students together."""


@pytest.fixture(params=students.LAYOUTS, ids=lambda layout: layout.name)
def layout(request: pytest.FixtureRequest) -> students.Layout:
    found: students.Layout = request.param
    return found


def content(layout: students.Layout) -> bytes:
    path = asset("students", f"{layout.name}.safetensors")
    assert path is not None
    return path.read_bytes()


def chips_of(layout: students.Layout, portrait: Path) -> torch.Tensor:
    pixels = decode(portrait.read_bytes()).pixels
    face = max(DlibDetector().upright(pixels), key=lambda face: face.box.width)
    picture = torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)[None]
    return cut(picture, alignment.fit(face, layout.chip.template), layout.chip.size)


def test_every_built_in_name_has_its_file_and_all_are_small() -> None:
    assert tuple(layout.name for layout in students.LAYOUTS) == STUDENTS
    assert sum(len(content(layout)) for layout in students.LAYOUTS) <= MOST_BYTES


def test_weights_are_halves_and_finite(layout: students.Layout) -> None:
    for name, values in tensors(content(layout), layout.name).items():
        assert values.dtype == np.float16, name
        assert np.isfinite(values).all(), name


def test_a_batch_is_embedded_as_its_faces_one_by_one_and_gradients_flow(layout: students.Layout) -> None:
    student = load(layout)
    chips = torch.rand(3, 3, layout.chip.size, layout.chip.size, generator=torch.Generator().manual_seed(0))
    chips.requires_grad_()
    vectors = student.embed(chips)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(vectors[1:2], student.embed(chips[1:2]), atol=1e-5, rtol=0)
    (gradient,) = torch.autograd.grad(vectors[:, 0].sum(), chips)
    assert (gradient.abs().amax((1, 2, 3)) > 0).all()


def test_a_file_that_is_not_that_students_is_refused(layout: students.Layout) -> None:
    arrays = dict(tensors(content(layout), layout.name))
    name, values = arrays.popitem()
    for other in (arrays, {**arrays, name: values[..., None]}, {**arrays, name: values, "more": values}):
        with pytest.raises(Failed) as caught:
            read(written(other), layout)
        assert caught.value.problem.code is ProblemCode.MODEL_BROKEN
    with pytest.raises(Failed) as caught:
        read(content(layout)[:-1], layout)
    assert caught.value.problem.code is ProblemCode.MODEL_MALFORMED


def test_a_face_is_more_like_its_mirror_image_than_like_its_upside_down(
    layout: students.Layout, portrait: Path
) -> None:
    student, chips = load(layout), chips_of(layout, portrait)
    own, mirrored, fallen = (student.embed(one) for one in (chips, chips.flip(3), chips.flip(2)))
    assert float((own * mirrored).sum()) > float((own * fallen).sum())


@pytest.mark.corpus
def test_what_fools_the_student_fools_its_teacher(layout: students.Layout, model_files: Path, portrait: Path) -> None:
    teacher, student, chips = teacher_of(layout, model_files), load(layout), chips_of(layout, portrait)
    found = agreement(student, teacher.encoder, chips)
    noise = torch.randn(chips.shape, generator=torch.Generator().manual_seed(1)) * 0.03
    with torch.no_grad():
        by_chance = float((teacher.embed(chips) * teacher.embed((chips + noise).clamp(0, 1))).sum())
    assert found.own < found.teacher < by_chance - 0.3
