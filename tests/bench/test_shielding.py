"""The shield is compared with the published attack at equal visibility, on every encoder and after every platform."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from stand_ins import FixedDetector, SmallLatent, drawn, face_at

from photoguard.bench import shield_report, shielding
from photoguard.bench.editor_attack import encoder_attack
from photoguard.bench.shielding import BASELINE, OURS, UNPROTECTED, Row, Terms, at_visibility, measure
from photoguard.domain import Platform, Strength
from photoguard.errors import Cancelled
from photoguard.latents import Latents
from photoguard.proof.editors import whole_ssimulacra2
from photoguard.shield import optimise
from photoguard.shield.canvas import as_picture

FACE = face_at(40, 30, 50)
TERMS = Terms(epsilons=(8 / 255,), steps=6, platforms=(Platform.ANY, Platform.KAKAOTALK))


LATENTS = Latents((SmallLatent(),), (SmallLatent("other", "other", seed=1),), {"small": SmallLatent()})


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    photo = tmp_path_factory.mktemp("photos") / "a.png"
    Image.fromarray(drawn(180, 150, (FACE,))).save(photo)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimise, "STEPS", 8)
        return list(measure(photo, "a.png", TERMS, FixedDetector((FACE,)), LATENTS))


def test_every_method_is_looked_at_after_every_platform(rows: list[Row]) -> None:
    methods = [UNPROTECTED, OURS, f"{BASELINE}, 8/255"]
    assert [(row.method, row.platform) for row in rows] == [
        (method, platform) for method in methods for platform in TERMS.platforms
    ]
    for row in rows:
        assert set(row.whole) == set(row.face) == {"small", "other"}
        assert "decode_psnr" in row.whole["small"]
        assert "decode_psnr" not in row.whole["other"]
    assert rows[0].whole["small"]["shift"] == rows[0].whole["small"]["shift_unprotected"]


def test_the_attack_is_as_visible_as_ours(rows: list[Row]) -> None:
    ours, attack = (row.ssimulacra2 for row in (rows[2], rows[4]))
    assert ours is not None
    assert attack is not None
    assert 0 <= attack - ours < 1
    assert 0 < rows[4].scale < 1


def test_the_attack_brings_the_latent_nearer_to_grey_and_stays_within_its_ball() -> None:
    picture = as_picture(drawn(96, 64, ()))
    encoder = SmallLatent()
    change = encoder_attack(picture, encoder, 4 / 255, 20, seed=1)
    assert change.abs().max() <= 4 / 255 + 1e-6
    grey = encoder.encode(torch.full_like(picture, 0.5))
    before, after = ((encoder.encode(one) - grey).square().sum() for one in (picture, picture + change))
    assert after < 0.8 * before
    assert torch.equal(change, encoder_attack(picture, encoder, 4 / 255, 20, seed=1))


def test_a_change_that_is_hardly_visible_is_left_as_it_is() -> None:
    pixels = drawn(96, 64, ())
    change = np.full((3, 64, 96), 1 / 255, np.float32)
    assert at_visibility(pixels, change, 10.0)[0] == 1.0
    noise = np.random.default_rng(1).normal(0, 0.1, change.shape).astype(np.float32)
    scale, weakened = at_visibility(pixels, noise, 60.0)
    assert 0 < scale < 1
    assert whole_ssimulacra2(pixels, weakened, Platform.ANY) >= 60.0


def test_it_can_be_stopped(tmp_path: Path) -> None:
    Image.fromarray(drawn(180, 150, (FACE,))).save(tmp_path / "a.png")

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(measure(tmp_path / "a.png", "a.png", TERMS, FixedDetector((FACE,)), LATENTS, stop))


def test_the_table_has_a_line_for_each_method_and_the_file_every_row(rows: list[Row], tmp_path: Path) -> None:
    other = [replace(row, photo="b.png") for row in rows]
    paths = shield_report.write([*rows, *other], TERMS, LATENTS, tmp_path / "out")
    document = json.loads(paths[0].read_text())
    assert len(document["rows"]) == 2 * len(rows)
    assert document["took_part"] == {"small": True, "other": False}
    lines = [line for line in paths[1].read_text().splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(rows)
    assert "small (attacked): dB" in lines[0]
    assert "other (not attacked): dB" not in lines[0]
    assert all(line.count("|") == lines[0].count("|") for line in lines)
    assert lines[2].endswith("| 2 |")


def test_photos_are_reduced_and_cut_to_whole_latents(tmp_path: Path) -> None:
    Image.fromarray(drawn(400, 300, (), grey=True)).save(tmp_path / "grey.png")
    photo = shielding._prepared(tmp_path / "grey.png", 200)
    assert photo.pixels.shape == (128, 192, 3)
    assert Strength.STANDARD in Terms().strengths
