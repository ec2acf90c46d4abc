"""Two files, one answer: right for a pair that fits, a clear refusal for one that does not."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import SmallEncoder, drawn, face_at

from photoguard.checking import check
from photoguard.domain import Face, Progress, Verdict
from photoguard.errors import Cancelled, ProblemCode
from photoguard.proof.pairing import Relation
from photoguard.proof.scale import Scale
from photoguard.toolbox import Toolbox

FACE = face_at(170, 120, 150)
PHOTO = drawn(520, 480, (FACE,))
INSIDE, OUTSIDE = SmallEncoder("inside"), SmallEncoder("outside", seed=5)


@dataclass(frozen=True)
class BySize:
    """Finds in a picture of a known (width, height) the faces it was told of."""

    faces: Mapping[tuple[int, int], tuple[Face, ...]]
    name: str = "drawn"

    def detect(self, rgb: np.ndarray, *, thorough: bool, check: Callable[[], None]) -> list[Face]:
        check()
        return list(self.faces.get((rgb.shape[1], rgb.shape[0]), ()))


def toolbox(*judges: SmallEncoder) -> Toolbox:
    return Toolbox(BySize({(520, 480): (FACE,)}), (INSIDE,), judges)


def saved(path: Path, pixels: np.ndarray, **how: object) -> Path:
    Image.fromarray(pixels).save(path, **how)
    return path


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return saved(tmp_path / "original.png", PHOTO)


def test_an_unprotected_copy_is_recognisable_whoever_looks(original: Path, tmp_path: Path) -> None:
    copy = saved(tmp_path / "copy.jpg", PHOTO, quality=88)
    for judges in ((OUTSIDE,), ()):
        checked = check(original, copy, toolbox(*judges))
        (face,) = checked.faces
        assert checked.problem is None
        assert checked.relation is Relation.SAME
        assert face.judgement.verdict is Verdict.RECOGNISABLE
        assert face.judgement.likeness is not None
        assert face.judgement.likeness > 95


def test_every_way_reader_and_encoder_has_its_cell(original: Path, tmp_path: Path) -> None:
    from photoguard.platforms import WAYS
    from photoguard.proof.cleaning import COUNTER_MEASURES
    from photoguard.proof.readers import readers

    (face,) = check(original, saved(tmp_path / "c.png", PHOTO), toolbox(OUTSIDE)).faces
    ways = {"file"} | {way.name for way in WAYS if way.name != "any"}
    expected = {(way, reader.name, name) for way in ways for reader in readers() for name in ("inside", "outside")}
    assert {(cell.view, cell.reader, cell.encoder) for cell in face.cells.passed_on} == expected
    assert {cell.view for cell in face.cells.cleaned} == set(COUNTER_MEASURES)
    assert all(-1 <= cell.cosine <= 1.0001 for cell in face.cells.passed_on)
    assert set(face.cells.similarity()) == {"inside", "outside"}
    assert set(face.likeness) == ways | set(COUNTER_MEASURES)


def test_the_number_of_the_verdict_is_the_highest_bar(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("judging", "cells"):
        monkeypatch.setattr(f"photoguard.proof.{place}.scale_of", lambda _: Scale(0.0, 0.6, 0.8, 1.0))
    changed = np.clip(PHOTO + np.random.default_rng(0).normal(0, 25, PHOTO.shape), 0, 255).astype(np.uint8)
    (face,) = check(original, saved(tmp_path / "c.png", changed), toolbox(OUTSIDE)).faces
    passed_on = {cell.view for cell in face.cells.passed_on}
    bars = {view: value for view, value in face.likeness.items() if view in passed_on}
    assert 0 < max(bars.values()) < 100
    assert face.judgement.likeness == max(bars.values())
    assert bars[face.judgement.worst] == max(bars.values())


def test_a_strong_change_seen_by_nobody_independent_gets_no_number(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoguard.proof.judging.scale_of", lambda _: Scale(0.7, 0.9, 0.95, 0.99))
    changed = PHOTO.copy()
    chance = np.random.default_rng(0)
    spot = changed[120:310, 170:320]
    spot[:] = np.clip(spot + chance.normal(0, 45, spot.shape), 0, 255)
    checked = check(original, saved(tmp_path / "c.png", changed), toolbox())
    (face,) = checked.faces
    assert face.judgement.verdict is Verdict.UNCHECKED
    assert face.judgement.likeness is None
    assert face.visibility["ssimulacra2"] < 60


@pytest.mark.parametrize(
    ("made", "faces", "relation"),
    [
        (
            lambda p: np.asarray(Image.fromarray(p).resize((390, 360), Image.Resampling.LANCZOS)),
            {(390, 360): (face_at(127.4, 89.9, 112.5),)},
            Relation.RESIZED,
        ),
        (lambda p: p[60:420, 100:470].copy(), {(370, 360): (face_at(70, 60, 150),)}, Relation.CROPPED),
        (lambda p: p, {}, Relation.SAME),
    ],
    ids=["resized", "cropped", "not found again"],
)
def test_copies_in_another_frame_are_checked_all_the_same(
    original: Path, tmp_path: Path, made: Callable[[np.ndarray], np.ndarray], faces: dict, relation: Relation
) -> None:
    copy = saved(tmp_path / "c.png", made(PHOTO))
    tools = Toolbox(BySize({(520, 480): (FACE,), **faces}), (), (OUTSIDE,))
    checked = check(original, copy, tools)
    assert checked.problem is None
    assert checked.relation is relation
    assert checked.faces[0].judgement.verdict is Verdict.RECOGNISABLE
    assert bool(checked.faces[0].visibility) is (relation is Relation.SAME)


def test_another_photo_is_refused(original: Path, tmp_path: Path) -> None:
    other = saved(tmp_path / "other.png", drawn(520, 480, (face_at(40, 20, 300),)))
    checked = check(original, other, toolbox(OUTSIDE))
    assert checked.problem is not None
    assert checked.problem.code is ProblemCode.PAIR_DIFFERS
    assert checked.faces == ()


def test_a_photo_without_a_face_is_refused(tmp_path: Path, original: Path) -> None:
    empty = saved(tmp_path / "empty.png", drawn(300, 300, ()))
    for one, other in ((empty, empty), (empty, original)):
        checked = check(one, other, toolbox(OUTSIDE))
        assert checked.problem is not None
        assert checked.problem.code is ProblemCode.NO_FACE_TO_CHECK


def test_a_face_that_was_cut_away_is_counted(tmp_path: Path) -> None:
    second = face_at(360, 40, 110)
    photo = drawn(520, 480, (FACE, second))
    cropped = photo[:, :350].copy()
    tools = Toolbox(BySize({(520, 480): (FACE, second), (350, 480): (FACE,)}), (), (OUTSIDE,))
    checked = check(saved(tmp_path / "o.png", photo), saved(tmp_path / "c.png", cropped), tools)
    assert (len(checked.faces), checked.missing) == (1, 1)


def test_what_was_hidden_and_what_still_is(tmp_path: Path) -> None:
    coded = io.BytesIO()
    exif = Image.Exif()
    exif[271] = "Maker"
    Image.fromarray(PHOTO).save(coded, "JPEG", quality=95, exif=exif)
    carrying, clean = tmp_path / "carrying.jpg", tmp_path / "clean.jpg"
    carrying.write_bytes(coded.getvalue())
    Image.fromarray(PHOTO).save(clean, quality=95)
    there = check(carrying, clean, toolbox(OUTSIDE))
    back = check(clean, carrying, toolbox(OUTSIDE))
    assert there.removed
    assert not there.left
    assert not back.removed
    assert back.left


@pytest.mark.parametrize("content", [None, b"", b"no photo"])
def test_files_that_cannot_be_read_are_an_answer_too(original: Path, tmp_path: Path, content: bytes | None) -> None:
    other = tmp_path / "other"
    if content is not None:
        other.write_bytes(content)
    for pair in ((original, other), (other, original)):
        assert check(*pair, toolbox(OUTSIDE)).problem is not None


def test_the_user_can_stop_it(original: Path) -> None:
    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        check(original, original, toolbox(OUTSIDE), stop)


@pytest.mark.corpus
def test_real_pairs_that_fit_and_that_do_not(portraits: Path, tmp_path: Path) -> None:
    """A turned, cropped and recompressed photo is itself; another photo of the same person is not. About 10 s."""
    from photoguard.domain import Options
    from photoguard.toolbox import toolbox_for

    tools = toolbox_for(Options(models=("dlib",)))
    one, other = sorted((portraits / "lisa_manoban").iterdir())[:2]
    with Image.open(one) as image:
        photo = image.convert("RGB")
        photo.thumbnail((440, 440))
    plain = saved(tmp_path / "plain.png", np.asarray(photo))
    width, height = photo.size
    made = {
        Relation.SAME: photo,
        Relation.RESIZED: photo.resize((width * 3 // 4, height * 3 // 4), Image.Resampling.LANCZOS),
        Relation.CROPPED: photo.crop((width // 16, height // 16, width - width // 20, height - height // 20)),
        Relation.MIRRORED: photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        Relation.TURNED: photo.transpose(Image.Transpose.ROTATE_180),
    }
    for relation, image in made.items():
        copy = saved(tmp_path / f"{relation}.jpg", np.asarray(image), quality=80)
        checked = check(plain, copy, tools)
        assert checked.problem is None, relation
        assert checked.relation is relation
        assert {face.judgement.verdict for face in checked.faces} == {Verdict.RECOGNISABLE}
    differing = check(plain, other, tools)
    assert differing.problem is not None
    assert differing.problem.code is ProblemCode.PAIR_DIFFERS
