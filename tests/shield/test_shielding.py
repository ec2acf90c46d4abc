"""The shield as a whole: encoders misread the photo, people's budget holds on the written pixels, faces get less of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, SmallLatent, drawn, face_at, photo_of

from photoguard import cloak, pipeline
from photoguard.domain import ImageFormat, Options, Outcome, OutcomeKind, Photo, Platform, Progress, Stage, Strength
from photoguard.errors import Cancelled
from photoguard.latents import Latents
from photoguard.pixels import decode, encode
from photoguard.proof.editors import as_editors_see, measured, whole_ssimulacra2
from photoguard.shield import Shielded, optimise, shield
from photoguard.shield.canvas import canvas_of, laid_on
from photoguard.shield.pattern import TILE, Pattern, Window
from photoguard.shield.whole import WholePhoto
from photoguard.toolbox import Toolbox

FACE = face_at(60, 50, 60)
LEAST = 65.0


WITH_DECODER = Latents((SmallLatent(),), (SmallLatent("other", "other", seed=1),), {"small": SmallLatent()})
WITHOUT = Latents((SmallLatent(),), (), {})


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimise, "STEPS", 16)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return photo_of(drawn(240, 220, (FACE,)), ImageFormat.JPEG)


def shielded(photo: Photo, latents: Latents = WITH_DECODER, **others: object) -> Shielded:
    return shield(photo, photo.pixels, [FACE], latents, LEAST, encoding=photo.encoding, **others)  # type: ignore[arg-type]


def written(photo: Photo, made: Shielded) -> np.ndarray:
    return decode(encode(replace(photo, pixels=made.pixels), photo.encoding)).pixels


@pytest.mark.parametrize("latents", [WITH_DECODER, WITHOUT], ids=["with decoder", "without"])
def test_the_encoder_reads_something_else_after_posting(photo: Photo, latents: Latents) -> None:
    made = shielded(photo, latents)
    assert made.strength > 0
    seen = measured(photo.pixels, written(photo, made), [FACE.box], latents, Platform.ANY)["small"]
    assert seen["took_part"] is True
    assert seen["shift"] > 2 * seen["shift_unprotected"]


def test_the_budget_holds_on_the_written_pixels_and_is_used(photo: Photo) -> None:
    score = whole_ssimulacra2(photo.pixels, written(photo, shielded(photo)), Platform.ANY)
    assert LEAST <= score < LEAST + 12


def test_it_takes_only_the_room_that_the_cloaks_left(photo: Photo) -> None:
    whole = WholePhoto(photo, photo.encoding, 1.0)
    small = photo.pixels.astype(int)
    small[60:110, 60:110] += 14
    cloaked = np.clip(small, 0, 255).astype(np.uint8)
    left = whole.score(cloaked)
    made = shield(photo, cloaked, [FACE], WITH_DECODER, left - 8, encoding=photo.encoding)
    assert made.strength > 0
    assert left - 8 <= whole.score(made.pixels) < left - 2
    assert abs(made.pixels.astype(int) - cloaked).mean() > 0
    beyond = shield(photo, cloaked, [FACE], WITH_DECODER, left + 1, encoding=photo.encoding)
    assert beyond.strength == 0
    assert beyond.pixels is cloaked


def test_the_score_is_of_the_posted_pixels(photo: Photo) -> None:
    """A wave of six pixels is gone once the photo is reduced to a third."""
    rows, columns = np.mgrid[: photo.pixels.shape[0], : photo.pixels.shape[1]]
    wave = 8 * np.cos(rows * np.pi / 3) * np.cos(columns * np.pi / 3)
    pixels = np.clip(photo.pixels + wave[:, :, None], 0, 255).astype(np.uint8)
    full, reduced = (WholePhoto(photo, photo.encoding, zoom).score(pixels) for zoom in (1.0, 1 / 3))
    assert reduced > full + 3


def test_what_is_held_out_is_measured_and_moves_nothing(photo: Photo) -> None:
    other = replace(WITH_DECODER, held_out=())
    assert np.array_equal(shielded(photo).pixels, shielded(photo, other).pixels)
    figures = measured(photo.pixels, photo.pixels, [FACE.box], WITH_DECODER, Platform.ANY)
    assert figures["other"]["took_part"] is False
    assert figures["other"]["shift"] == figures["other"]["shift_unprotected"]
    assert "decode_psnr" not in figures["other"]


def test_a_face_carries_less_of_it_than_what_is_around(photo: Photo) -> None:
    change = np.abs(shielded(photo).pixels.astype(int) - photo.pixels).mean(2)
    box = FACE.box
    inside = change[int(box.y) : int(box.y + box.height), int(box.x) : int(box.x + box.width)].mean()
    outside = change[:, :40].mean()
    assert 0 < inside < 0.75 * outside


def test_the_same_photo_and_seed_give_the_same_pixels(photo: Photo) -> None:
    assert np.array_equal(shielded(photo, seed=4).pixels, shielded(photo, seed=4).pixels)
    assert not np.array_equal(shielded(photo, seed=4).pixels, shielded(photo, seed=5).pixels)


def test_a_grey_photo_stays_grey() -> None:
    grey = photo_of(drawn(160, 160, (), grey=True))
    made = shield(grey, grey.pixels, [], WITH_DECODER, LEAST, encoding=grey.encoding)
    assert made.strength > 0
    assert made.pixels.ndim == 2


def test_a_photo_without_room_stays_as_it_is() -> None:
    tiny = photo_of(drawn(60, 200, ()))
    made = shield(tiny, tiny.pixels, [], WITH_DECODER, LEAST, encoding=tiny.encoding)
    assert made.strength == 0
    assert np.array_equal(made.pixels, tiny.pixels)
    coarse = photo_of(drawn(160, 160, ()))
    low = replace(coarse.encoding, format=ImageFormat.JPEG, quality=10)
    made = shield(coarse, coarse.pixels, [], WITH_DECODER, 99.9, encoding=low)
    assert made.strength == 0
    assert np.array_equal(made.pixels, coarse.pixels)


def test_a_listener_can_stop_it(photo: Photo) -> None:
    heard: list[Progress] = []

    def listener(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        shielded(photo, listener=listener)
    assert {one.stage for one in heard} == {Stage.SHIELDING}
    assert [one.step for one in heard] == [0, 1, 2, 3]
    assert [one.seconds_left is not None for one in heard] == [False, False, False, True]


def test_the_pattern_changes_no_mean_and_repeats() -> None:
    flat = torch.full((1, 3, 96, 96), 0.4)
    pattern = Pattern(flat, torch.ones(1, 1, 96, 96), channels=3, seed=1)
    with torch.no_grad():
        layer = pattern.layer(Window(0, 0, 96, 96))
        moved = pattern.layer(Window(24, 40, 32, 32))
    assert layer.abs().max() > 0
    assert layer[:, :, :TILE, :TILE].mean((2, 3)).abs().max() < 1e-7
    assert torch.allclose(layer[:, :, :TILE, :TILE], layer[:, :, TILE : 2 * TILE, 3 * TILE : 4 * TILE])
    assert torch.equal(moved, layer[:, :, 24:56, 40:72])


def test_a_layer_for_a_smaller_posted_photo_survives_the_way_there_and_back() -> None:
    """What is laid on the large photo arrives when a platform reduces it."""
    large = np.full((400, 600, 3), 128, np.uint8)
    rows, columns = np.mgrid[:200, :300]
    wave = 12 * np.cos(rows * np.pi / 4) * np.cos(columns * np.pi / 4)
    layer = np.broadcast_to(wave / 255, (3, 200, 300)).astype(np.float32)
    arrived = canvas_of(laid_on(large, layer, 1.0), 0.5).picture * 255 - 128
    assert arrived.shape == (1, 3, 200, 300)
    likeness = np.corrcoef(arrived[0, 0, 8:-8, 8:-8].numpy().ravel(), wave[8:-8, 8:-8].ravel())[0, 1]
    assert likeness > 0.97
    same = canvas_of(laid_on(large[:200, :300], layer, 0.5), 1.0).picture * 255 - 128
    assert np.abs(same[0, 0].numpy() - wave / 2).max() <= 0.51


def test_what_an_editor_sees_is_a_pair_of_one_size_for_each_family(photo: Photo) -> None:
    pairs = as_editors_see(photo.pixels, written(photo, shielded(photo)), [FACE.box], WITH_DECODER, Platform.ANY)
    assert set(pairs) == {"small"}
    before, after = pairs["small"]
    assert before.shape == after.shape == (192, 224, 3)
    assert not np.array_equal(before, after)


def protected(tmp_path: Path, latents: Latents | None) -> Outcome:
    source = tmp_path / "in.png"
    Image.fromarray(drawn(240, 220, (FACE,))).save(source)
    toolbox = Toolbox(FixedDetector((FACE,)), (SmallEncoder(),), latents=latents)
    return pipeline.protect(source, tmp_path / "out.png", Options(shield_edits=latents is not None), toolbox)


@pytest.fixture
def _quick_cloak(monkeypatch: pytest.MonkeyPatch) -> None:
    preset = cloak.PRESETS[Strength.STANDARD]
    monkeypatch.setitem(cloak.PRESETS, Strength.STANDARD, replace(preset, most_steps=8))


@pytest.mark.usefixtures("_quick_cloak")
def test_the_outcome_tells_what_editors_read_of_the_written_file(tmp_path: Path) -> None:
    outcome = protected(tmp_path, WITH_DECODER)
    assert outcome.kind is OutcomeKind.PROTECTED, outcome.problem
    assert outcome.notes == ()
    assert set(outcome.shield) == {"small", "other"}
    written = np.asarray(Image.open(outcome.output))  # type: ignore[arg-type]
    again = measured(drawn(240, 220, (FACE,)), written, [FACE.box], WITH_DECODER, Platform.ANY)
    assert outcome.shield == again
    assert outcome.shield["small"]["shift"] > outcome.shield["small"]["shift_unprotected"]


@pytest.mark.usefixtures("_quick_cloak")
def test_faces_go_before_the_shield(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both together are too visible, the cloaks are written without the shield, and that is said."""
    monkeypatch.setattr("photoguard.proof.editors.whole_ssimulacra2", lambda *_: 10.0)
    outcome = protected(tmp_path, WITH_DECODER)
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.notes == (pipeline.SHIELD_LEFT_OUT,)
    assert outcome.shield == {}


@pytest.mark.usefixtures("_quick_cloak")
def test_encoders_at_hand_are_no_wish_for_a_shield(tmp_path: Path) -> None:
    source = tmp_path / "in.png"
    Image.fromarray(drawn(240, 220, (FACE,))).save(source)
    toolbox = Toolbox(FixedDetector((FACE,)), (SmallEncoder(),), latents=WITH_DECODER)
    outcome = pipeline.protect(source, tmp_path / "out.png", Options(), toolbox)
    assert outcome.kind is OutcomeKind.PROTECTED
    assert (outcome.notes, outcome.shield) == ((), {})
