"""One photo along the whole line: every outcome, and that no file claims what was not measured on it."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import piexif
import pytest
import torch
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard import cloak, pipeline
from photoguard.containers import inventory
from photoguard.domain import (
    Face,
    Options,
    Outcome,
    OutcomeKind,
    OutputFormat,
    Platform,
    Progress,
    Stage,
    Strength,
    Verdict,
)
from photoguard.errors import Cancelled, ProblemCode
from photoguard.pipeline import writing
from photoguard.proof.residue import residue
from photoguard.toolbox import Toolbox

FACE = face_at(60, 50, 96)
SECRET = b"Hong Gildong, Seoul 37.5665"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    for strength, preset in cloak.PRESETS.items():
        monkeypatch.setitem(cloak.PRESETS, strength, replace(preset, most_steps=10))


def toolbox(*faces: Face) -> Toolbox:
    return Toolbox(FixedDetector(faces), (SmallEncoder(),))


def dirty(path: Path, kind: str = "JPEG", size: tuple[int, int] = (240, 220), mode: str = "RGB") -> Path:
    """A photo with a name, a place and an unprotected thumbnail in it."""
    picture = Image.fromarray(drawn(*size, (FACE,))).convert(mode)
    small = io.BytesIO()
    picture.convert("RGB").resize((64, 58)).save(small, "JPEG")
    place = {piexif.GPSIFD.GPSLatitude: ((37, 1), (33, 1), (59, 1)), piexif.GPSIFD.GPSLatitudeRef: b"N"}
    tags = {"0th": {piexif.ImageIFD.Artist: SECRET}, "GPS": place, "1st": {}, "thumbnail": small.getvalue()}
    coded = io.BytesIO()
    picture.save(coded, kind, exif=piexif.dump(tags), quality=92, **({"lossless": False} if kind == "WEBP" else {}))
    path.write_bytes(coded.getvalue())
    return path


def protect(source: Path, destination: Path, *faces: Face, **options: object) -> Outcome:
    return pipeline.protect(source, destination, replace(Options(), **options), toolbox(*faces))  # type: ignore[arg-type]


def assert_clean(path: Path) -> None:
    data = path.read_bytes()
    assert SECRET not in data
    assert residue(data, allow_orientation=True) == ()
    assert inventory(data).findings == ()


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_protected_photo(tmp_path: Path, kind: str, suffix: str) -> None:
    source = dirty(tmp_path / f"in.{suffix}", kind)
    before = source.read_bytes()
    outcome = protect(source, tmp_path / f"out.{suffix}", FACE)
    assert outcome.problem is None
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.output == tmp_path / f"out.{suffix}"
    assert_clean(outcome.output)
    assert source.read_bytes() == before
    assert {finding.kind for finding in outcome.findings} >= {"author", "location"}
    with Image.open(outcome.output) as written, Image.open(source) as original:
        assert (written.format, written.size, written.mode) == (kind, original.size, original.mode)
    (face,) = outcome.faces
    assert face.is_cloaked
    assert set(face.similarity["small"]) == {"file", "after_any"}
    assert face.similarity["small"]["file"] < 0.97
    budget = cloak.PRESETS[Strength.STANDARD].budget
    assert budget.holds(face.visibility["ssimulacra2"] + 2, face.visibility["butteraugli_3norm"] / 1.04)
    assert outcome.proof is not None
    assert outcome.proof.sha256 == hashlib.sha256(outcome.output.read_bytes()).hexdigest()
    assert outcome.proof.size_bytes == outcome.output.stat().st_size
    assert outcome.quality["psnr_outside_faces"] > 40
    assert not [path for path in tmp_path.iterdir() if path not in {source, outcome.output}]


def test_a_judge_looks_at_the_copy_and_has_no_part_in_it(tmp_path: Path) -> None:
    source = dirty(tmp_path / "in.png", "PNG")
    alone = protect(source, tmp_path / "alone.png", FACE)
    judged = replace(toolbox(FACE), judges=(SmallEncoder("other", seed=9),))
    beside = pipeline.protect(source, tmp_path / "beside.png", Options(), judged)
    assert alone.output is not None
    assert beside.output is not None
    assert alone.output.read_bytes() == beside.output.read_bytes()
    (face,) = beside.faces
    assert set(face.similarity) == {"small", "other"}
    assert face.judgement is not None
    assert face.judgement.judges == ("other",)
    assert face.judgement.took_part == ("small",)
    assert face.judgement.likeness is not None
    assert alone.judgement is not None
    assert alone.judgement.judges == ()
    assert alone.judgement.verdict in {Verdict.UNCHECKED, Verdict.RECOGNISABLE}


def test_the_file_keeps_about_its_size(tmp_path: Path) -> None:
    outcome = protect(dirty(tmp_path / "in.jpg", size=(640, 480)), tmp_path / "out.jpg", FACE)
    assert outcome.output is not None
    clean = pipeline.scrub(tmp_path / "in.jpg", tmp_path / "clean.jpg")
    assert clean.output is not None
    assert 0.85 < outcome.output.stat().st_size / clean.output.stat().st_size < 1.15


def test_same_options_same_bytes(tmp_path: Path) -> None:
    source = dirty(tmp_path / "in.jpg")
    one, two, other = (protect(source, tmp_path / f"out{n}.jpg", FACE, seed=seed) for n, seed in enumerate((0, 0, 1)))
    assert one.output is not None
    assert two.output is not None
    assert other.output is not None
    assert one.output.read_bytes() == two.output.read_bytes() != other.output.read_bytes()


def test_a_photo_without_a_face_is_cleaned_and_not_called_protected(tmp_path: Path) -> None:
    source = dirty(tmp_path / "in.jpg")
    outcome = protect(source, tmp_path / "out.jpg")
    assert (outcome.kind, outcome.problem.code if outcome.problem else None) == (
        OutcomeKind.NO_FACE,
        ProblemCode.NO_FACE,
    )
    assert outcome.output is not None
    assert_clean(outcome.output)
    assert np.array_equal(np.asarray(Image.open(source)), np.asarray(Image.open(outcome.output)))


def test_a_photo_without_a_face_still_gets_the_wanted_format(tmp_path: Path) -> None:
    outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", output_format=OutputFormat.PNG)
    assert outcome.output == tmp_path / "out.png"
    assert np.array_equal(np.asarray(Image.open(tmp_path / "in.jpg")), np.asarray(Image.open(outcome.output)))


def test_a_face_too_small_is_not_called_protected(tmp_path: Path) -> None:
    outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", face_at(60, 50, 20))
    assert outcome.kind is OutcomeKind.NO_FACE
    assert outcome.problem is not None
    assert outcome.problem.code is ProblemCode.FACE_TOO_SMALL
    assert not outcome.faces[0].is_cloaked


@pytest.mark.parametrize("wanted", [OutputFormat.JPEG, OutputFormat.PNG, OutputFormat.WEBP])
def test_another_format(tmp_path: Path, wanted: OutputFormat) -> None:
    outcome = protect(dirty(tmp_path / "in.png", "PNG"), tmp_path / "out.png", FACE, output_format=wanted)
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.output is not None
    assert outcome.output.suffix == {"jpeg": ".jpg", "png": ".png", "webp": ".webp"}[wanted]
    assert Image.open(outcome.output).format == wanted.upper()


def test_a_platform_gets_its_size(tmp_path: Path) -> None:
    source = dirty(tmp_path / "in.jpg", size=(1300, 500))
    scale = 1080 / 1300
    outcome = protect(
        source, tmp_path / "out.jpg", face_at(60 * scale, 50 * scale, 96 * scale), platform=Platform.INSTAGRAM
    )
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.output is not None
    assert Image.open(outcome.output).size == (1080, 415)
    assert "resized_for_platform" in outcome.notes
    assert set(outcome.faces[0].similarity["small"]) == {"file", "after_instagram"}


def test_grey_and_alpha_survive(tmp_path: Path) -> None:
    grey = protect(dirty(tmp_path / "grey.png", "PNG", mode="L"), tmp_path / "grey-out.png", FACE)
    assert grey.output is not None
    assert Image.open(grey.output).mode == "L"
    picture = Image.open(dirty(tmp_path / "opaque.png", "PNG")).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    picture.save(tmp_path / "clear.png")
    clear = protect(tmp_path / "clear.png", tmp_path / "clear-out.png", FACE)
    assert clear.output is not None
    assert np.array_equal(np.asarray(Image.open(clear.output))[..., 3], np.asarray(picture)[..., 3])


def test_an_existing_file_is_never_replaced(tmp_path: Path) -> None:
    source = dirty(tmp_path / "in.jpg")
    target = tmp_path / "out.jpg"
    target.write_bytes(b"mine")
    outcome = protect(source, target, FACE)
    assert outcome.kind in {OutcomeKind.REFUSED, OutcomeKind.FAILED}
    assert outcome.problem is not None
    assert outcome.problem.code is ProblemCode.OUTPUT_EXISTS
    assert target.read_bytes() == b"mine"


def test_the_source_is_never_the_target(tmp_path: Path) -> None:
    source = dirty(tmp_path / "in.jpg")
    before = source.read_bytes()
    outcome = protect(source, source, FACE)
    assert outcome.output is None
    assert source.read_bytes() == before


# fetching is for models; shielding must be asked for: tests/shield cancels it
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in {Stage.FETCHING, Stage.SHIELDING}])
def test_cancelling_at_any_stage_leaves_nothing(tmp_path: Path, stage: Stage) -> None:
    source = dirty(tmp_path / "in.jpg")
    out = tmp_path / "out"
    out.mkdir()

    def listen(progress: Progress) -> None:
        if progress.stage is stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        pipeline.protect(source, out / "out.jpg", Options(), toolbox(FACE), listen)
    assert list(out.iterdir()) == []


class TestFailingClosed:
    """Each fault in the engine ends as ``failed`` without a file."""

    def assert_failed(self, outcome: Outcome, code: ProblemCode, folder: Path) -> None:
        assert outcome.kind is OutcomeKind.FAILED
        assert outcome.problem is not None
        assert outcome.problem.code is code
        assert outcome.output is None
        assert [path.name for path in folder.iterdir()] == ["in.jpg"]

    def test_a_cloak_that_does_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("photoguard.cloak.rehearsal.Rehearsal.settled", lambda *_: 0.0)
        outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", FACE)
        self.assert_failed(outcome, ProblemCode.CLOAK_TOO_WEAK, tmp_path)

    def test_a_cloak_that_shows(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("photoguard.cloak.rehearsal.Rehearsal.settled", lambda *_: 3.0)
        outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", FACE)
        self.assert_failed(outcome, ProblemCode.CLOAK_TOO_VISIBLE, tmp_path)

    def test_metadata_that_slips_through(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = writing.clean

        def leaky(data: bytes) -> bytes:
            clean = real(data)
            return clean[:2] + b"\xff\xfe\x00\x06mine" + clean[2:]

        monkeypatch.setattr("photoguard.pipeline.protecting.clean", leaky)
        outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", FACE)
        self.assert_failed(outcome, ProblemCode.RESIDUE_LEFT, tmp_path)

    def test_a_picture_that_came_out_smaller(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = writing.clean

        def smaller(data: bytes) -> bytes:
            coded = io.BytesIO()
            Image.open(io.BytesIO(data)).resize((120, 110)).save(coded, "JPEG")
            return real(coded.getvalue())

        monkeypatch.setattr("photoguard.pipeline.protecting.clean", smaller)
        outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", FACE)
        self.assert_failed(outcome, ProblemCode.PIXELS_DIFFER, tmp_path)

    def test_a_surprise(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def surprise(*_: object, **__: object) -> None:
            raise ZeroDivisionError("a path that must not be logged")

        monkeypatch.setattr("photoguard.cloak.cloak", surprise)
        outcome = protect(dirty(tmp_path / "in.jpg"), tmp_path / "out.jpg", FACE)
        self.assert_failed(outcome, ProblemCode.INTERNAL, tmp_path)
        assert outcome.problem is not None
        assert dict(outcome.problem.facts) == {"kind": "ZeroDivisionError"}


class TestScrubbing:
    @pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
    def test_pixels_stay_bit_for_bit(self, tmp_path: Path, kind: str, suffix: str) -> None:
        source = dirty(tmp_path / f"in.{suffix}", kind)
        outcome = pipeline.scrub(source, tmp_path / f"out.{suffix}")
        assert outcome.kind is OutcomeKind.SCRUBBED
        assert outcome.output is not None
        assert_clean(outcome.output)
        assert np.array_equal(np.asarray(Image.open(source)), np.asarray(Image.open(outcome.output)))

    def test_scrubbing_twice_changes_nothing_more(self, tmp_path: Path) -> None:
        dirty(tmp_path / "in.jpg")
        pipeline.scrub(tmp_path / "in.jpg", tmp_path / "once.jpg")
        pipeline.scrub(tmp_path / "once.jpg", tmp_path / "twice.jpg")
        assert (tmp_path / "once.jpg").read_bytes() == (tmp_path / "twice.jpg").read_bytes()


class TestBadInput:
    """One clear reason each, no file, no exception."""

    def refused(self, source: Path, tmp_path: Path) -> ProblemCode:
        for outcome in (
            protect(source, tmp_path / "o" / "out.jpg", FACE),
            pipeline.scrub(source, tmp_path / "o" / "s.jpg"),
        ):
            assert outcome.kind is OutcomeKind.REFUSED
            assert outcome.problem is not None
            assert outcome.output is None
            assert not (tmp_path / "o").exists() or not list((tmp_path / "o").iterdir())
        return outcome.problem.code

    def test_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "empty.jpg").touch()
        assert self.refused(tmp_path / "empty.jpg", tmp_path) is ProblemCode.EMPTY_FILE

    def test_not_a_photo(self, tmp_path: Path) -> None:
        (tmp_path / "letter.jpg").write_text("Dear photoguard")
        assert self.refused(tmp_path / "letter.jpg", tmp_path) is ProblemCode.NOT_A_PHOTO

    def test_a_truncated_photo(self, tmp_path: Path) -> None:
        data = dirty(tmp_path / "whole.jpg").read_bytes()
        (tmp_path / "cut.jpg").write_bytes(data[: len(data) * 2 // 3])
        assert self.refused(tmp_path / "cut.jpg", tmp_path) is ProblemCode.TRUNCATED

    def test_a_picture_too_large_for_any_memory(self, tmp_path: Path) -> None:
        header = bytearray(dirty(tmp_path / "small.png", "PNG").read_bytes())
        header[16:24] = (30000).to_bytes(4, "big") * 2
        import zlib

        header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
        (tmp_path / "huge.png").write_bytes(header)
        outcome = protect(tmp_path / "huge.png", tmp_path / "out.png", FACE)
        assert outcome.kind is OutcomeKind.REFUSED
        assert outcome.problem is not None
        assert outcome.problem.code is ProblemCode.TOO_LARGE

    def test_a_file_that_vanished(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "gone.jpg", tmp_path) is ProblemCode.VANISHED

    def test_a_folder_is_not_a_photo(self, tmp_path: Path) -> None:
        (tmp_path / "folder.jpg").mkdir()
        assert self.refused(tmp_path / "folder.jpg", tmp_path) is ProblemCode.UNREADABLE

    def test_an_animation_is_refused_with_a_way_out(self, tmp_path: Path) -> None:
        frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
        frames[0].save(tmp_path / "moves.gif", save_all=True, append_images=frames[1:])
        outcome = protect(tmp_path / "moves.gif", tmp_path / "out.gif", FACE)
        assert outcome.problem is not None
        assert outcome.problem.code is ProblemCode.ANIMATED
        assert pipeline.scrub(tmp_path / "moves.gif", tmp_path / "clean.gif").kind is OutcomeKind.SCRUBBED


@pytest.mark.oracle
def test_exiftool_finds_only_structure(tmp_path: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    allowed = {
        "ExifTool", "File", "SourceFile", "JFIF", "PNG", "RIFF", "Composite",
    }  # fmt: skip
    for kind, suffix in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        outcome = protect(dirty(tmp_path / f"{suffix}.{suffix}", kind), tmp_path / f"out.{suffix}", FACE)
        listing = subprocess.run(
            ["exiftool", "-a", "-G", "-s", str(outcome.output)], capture_output=True, text=True, check=True
        ).stdout
        groups = {line[1 : line.index("]")] for line in listing.splitlines()}
        assert groups <= allowed, listing
        assert "Artist" not in listing
        assert "GPS" not in listing
