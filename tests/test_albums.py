"""The mean of an album is what tools that swap faces see; each photo pushed its own way averages back to the person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard.albums import compare_albums
from photoguard.cli import main
from photoguard.domain import Progress, Verdict
from photoguard.errors import Cancelled, ProblemCode
from photoguard.proof.scale import Scale
from photoguard.toolbox import Toolbox

FACE = face_at(170, 120, 150)
PHOTO = drawn(520, 480, (FACE,))
INSIDE, OUTSIDE = SmallEncoder("inside"), SmallEncoder("outside", seed=5)
TOOLS = Toolbox(FixedDetector((FACE,)), (INSIDE,), (OUTSIDE,))


def saved(path: Path, pixels: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def pushed(seed: int) -> np.ndarray:
    """The photo with a change on the face that another seed makes otherwise."""
    coarse = np.random.default_rng(seed).normal(0, 40, (12, 12, 3)).repeat(16, 0).repeat(16, 1)
    changed = PHOTO.astype(float)
    changed[120:312, 150:342] += coarse
    return np.clip(changed, 0, 255).astype(np.uint8)


def test_changes_in_different_directions_average_out_and_those_in_one_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoguard.proof.judging.scale_of", lambda _: Scale(-1.0, 0.0, 0.5, 1.0))
    monkeypatch.setattr("photoguard.proof.pairing._SAME_SHOT", 0.2)
    original = saved(tmp_path / "o.png", PHOTO)
    copies = [saved(tmp_path / f"{seed}.png", pushed(seed)) for seed in range(4)]
    left = {}
    for name, chosen in (("differing", copies), ("alike", [copies[0]] * 4)):
        album = compare_albums([(original, copy) for copy in chosen], TOOLS)
        assert album.photos == 4
        assert album.judgement is not None
        left[name] = album.judgement.likeness or 0
    singles = [compare_albums([(original, copy)], TOOLS).judgement for copy in copies]
    assert left["alike"] == pytest.approx(singles[0].likeness if singles[0] else 0, abs=0.2)
    assert left["differing"] > max(one.likeness or 0 for one in singles if one is not None)


def test_pairs_that_do_not_fit_are_told_and_passed_over(tmp_path: Path) -> None:
    original = saved(tmp_path / "o.png", PHOTO)
    other = saved(tmp_path / "x.png", drawn(520, 480, (face_at(40, 20, 300),)))
    album = compare_albums([(original, original), (original, other), (original, tmp_path / "no.png")], TOOLS)
    assert album.photos == 1
    assert [problem.code for _, problem in album.passed_over] == [ProblemCode.PAIR_DIFFERS, ProblemCode.VANISHED]
    assert album.judgement is not None
    assert album.judgement.verdict is Verdict.RECOGNISABLE
    assert compare_albums([], TOOLS).judgement is None


def test_it_can_be_stopped(tmp_path: Path) -> None:
    def stop(_: Progress) -> None:
        raise Cancelled

    original = saved(tmp_path / "o.png", PHOTO)
    with pytest.raises(Cancelled):
        compare_albums([(original, original)], TOOLS, stop)


def test_the_command_pairs_by_name_whatever_the_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("photoguard.toolbox.toolbox_for", lambda _: TOOLS)
    saved(tmp_path / "a" / "in" / "one.png", PHOTO)
    saved(tmp_path / "a" / "two.png", PHOTO)
    saved(tmp_path / "b" / "in" / "one.jpg", PHOTO)
    saved(tmp_path / "b" / "three.png", PHOTO)
    assert main(["compare-albums", str(tmp_path / "a"), str(tmp_path / "b"), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "Mean over all photos (1): Still recognisable" in said
    assert "Checked by outside" in said
    assert main(["compare-albums", str(tmp_path / "a"), str(tmp_path / "a" / "two.png")]) == 2
