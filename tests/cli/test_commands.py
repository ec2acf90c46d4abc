"""The command line as people use it: exit codes, words, the JSON contract, and every kind of bad input."""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard import cloak
from photoguard.cli import main
from photoguard.domain import Face, Strength
from photoguard.toolbox import Toolbox

FACE = face_at(60, 50, 96)
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOGUARD_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def faces(monkeypatch: pytest.MonkeyPatch) -> list[Face]:
    """What the detector will find; the encoder is a small one."""
    found = [FACE]
    monkeypatch.setattr(
        "photoguard.toolbox.toolbox_for", lambda _: Toolbox(FixedDetector(tuple(found)), (SmallEncoder(),))
    )
    for strength, preset in cloak.PRESETS.items():
        monkeypatch.setitem(cloak.PRESETS, strength, replace(preset, most_steps=6))
    return found


def photo(path: Path, *, kind: str = "JPEG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    coded = io.BytesIO()
    Image.fromarray(drawn(240, 220, (FACE,))).save(coded, kind, quality=92, comment=b"Hong Gildong")
    path.write_bytes(coded.getvalue())
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def no_traceback(said: Said) -> str:
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return out + err


@pytest.mark.usefixtures("faces")
class TestProtect:
    def test_a_folder_is_mirrored_and_told(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "in" / "a.jpg")
        photo(tmp_path / "in" / "trip" / "b.jpg")
        assert run("protect", tmp_path / "in", "--out", tmp_path / "out") == 0
        assert (tmp_path / "out" / "a.jpg").is_file()
        assert (tmp_path / "out" / "trip" / "b.jpg").is_file()
        said = no_traceback(capsys)
        assert said.count("protected") >= 2
        assert "2 of 2 photos done" in said
        assert "took part in the change" in said  # never a bare promise
        assert "already online stay usable" in said

    def test_the_report_keeps_the_contract(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        (tmp_path / "b.jpg").write_bytes(b"no photo")
        assert run("protect", tmp_path / "a.jpg", tmp_path / "b.jpg", "--out", tmp_path / "out", "--json", "-") == 1
        report = json.loads(capsys.readouterr().out)
        assert {"version", "options", "models", "files"} <= set(report)
        good, bad = report["files"]
        fields = "source output outcome reason findings faces quality proof shield seconds".split()
        assert set(fields) <= set(good)
        assert set(fields) <= set(bad)
        assert (good["outcome"], bad["outcome"]) == ("protected", "refused")
        (face,) = good["faces"]
        assert len(face["box"]) == 4
        assert set(face["visibility"]) == {"ssimulacra2", "butteraugli_3norm", "psnr"}
        assert face["similarity"]["small"]["file"] < 1
        assert bad["reason"]["code"] == "not_a_photo"
        assert bad["reason"]["sentence"]
        assert bad["output"] is None

    def test_a_second_run_skips_and_a_strict_one_says_no(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 0
        before = (tmp_path / "out" / "a.jpg").stat()
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 0
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out", "--no-resume") == 1
        after = (tmp_path / "out" / "a.jpg").stat()
        assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
        assert "already there" in no_traceback(capsys)

    def test_korean(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        assert run("protect", "--lang", "ko", tmp_path / "a.jpg", "--out", tmp_path / "out") == 0
        assert re.search("[가-힣]", no_traceback(capsys))

    @pytest.mark.parametrize(
        "name", ["my photo.jpg", "민지 사진.jpg", "🙂.jpg", "two\nlines.jpg", "[bold]x.jpg", "-x.jpg"]
    )
    def test_any_name(self, tmp_path: Path, capsys: Said, name: str) -> None:
        photo(tmp_path / "in" / name)
        assert run("protect", tmp_path / "in", "--out", tmp_path / "out") == 0
        assert (tmp_path / "out" / name).is_file()
        lines = no_traceback(capsys).splitlines()
        assert "protected" in lines[0]  # a line break in a name forges no line of its own

    def test_forty_faces(
        self, tmp_path: Path, capsys: Said, faces: list[Face], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preset = cloak.PRESETS[Strength.STANDARD]
        monkeypatch.setitem(cloak.PRESETS, Strength.STANDARD, replace(preset, most_steps=3))
        faces[:] = [face_at(10 + 60 * (n % 8), 10 + 80 * (n // 8), 40) for n in range(40)]
        Image.fromarray(drawn(500, 420, tuple(faces))).save(tmp_path / "crowd.png")
        assert run("protect", tmp_path / "crowd.png", "--out", tmp_path / "out", "--json", tmp_path / "r.json") == 0
        report = json.loads((tmp_path / "r.json").read_text())
        assert len(report["files"][0]["faces"]) == 40
        assert "more faces" in no_traceback(capsys)

    def test_a_face_too_small_is_said(self, tmp_path: Path, capsys: Said, faces: list[Face]) -> None:
        faces[:] = [face_at(60, 50, 20)]
        photo(tmp_path / "a.jpg")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 1
        assert "20 pixels wide" in no_traceback(capsys)

    def test_no_face_is_no_success(self, tmp_path: Path, capsys: Said, faces: list[Face]) -> None:
        faces.clear()
        photo(tmp_path / "a.jpg")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 1
        assert "No face was found" in no_traceback(capsys)

    def test_one_bad_photo_does_not_stop_the_others(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "in" / "a.jpg")
        (tmp_path / "in" / "b.jpg").touch()
        (tmp_path / "in" / "c.jpg").write_bytes(photo(tmp_path / "whole.jpg").read_bytes()[:3000])
        photo(tmp_path / "in" / "d.jpg")
        assert run("protect", tmp_path / "in", "--out", tmp_path / "out") == 1
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "d.jpg"]
        said = no_traceback(capsys)
        assert "This file is empty." in said
        assert "cut short" in said

    def test_a_file_that_vanishes_meanwhile(
        self, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photo(tmp_path / "in" / "a.jpg")
        photo(tmp_path / "in" / "b.jpg", kind="PNG")
        from photoguard import pipeline

        real = pipeline.protect

        def vanishing(*arguments: object, **options: object) -> object:
            (tmp_path / "in" / "b.jpg").unlink(missing_ok=True)
            return real(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(pipeline, "protect", vanishing)
        assert run("protect", tmp_path / "in", "--out", tmp_path / "out") == 1
        assert "not there (any more)" in no_traceback(capsys)

    def test_a_symlink_loop_ends(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "in" / "a.jpg")
        (tmp_path / "in" / "again").symlink_to(tmp_path / "in", target_is_directory=True)
        (tmp_path / "in" / "self.jpg").symlink_to(tmp_path / "in" / "self.jpg")
        assert run("protect", tmp_path / "in", "--out", tmp_path / "out") == 1
        assert (tmp_path / "out" / "a.jpg").is_file()
        assert "1 of" not in no_traceback(capsys).splitlines()[0]

    def test_a_folder_without_photos(self, tmp_path: Path, capsys: Said) -> None:
        (tmp_path / "in").mkdir()
        assert run("protect", tmp_path / "in", "--out", tmp_path / "out") == 1
        assert "no photos in this folder" in no_traceback(capsys)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_output_folder(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        (tmp_path / "out").mkdir(mode=0o500)
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 1
        assert "could not be saved there" in no_traceback(capsys)

    def test_an_output_path_that_is_a_file(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        (tmp_path / "out").write_text("mine")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 1
        assert (tmp_path / "out").read_text() == "mine"
        assert "could not be saved there" in no_traceback(capsys)

    @pytest.mark.parametrize("extra", [[], ["--no-resume"]])
    def test_the_folder_of_the_originals_is_no_place_for_copies(
        self, tmp_path: Path, capsys: Said, extra: list[str]
    ) -> None:
        source = photo(tmp_path / "in" / "a.jpg")
        before = source.read_bytes()
        assert run("protect", source, "--out", tmp_path / "in", *extra) == 1
        assert run("protect", tmp_path / "in", "--out", tmp_path / "in", *extra) == 1
        assert no_traceback(capsys).count("would replace the original") == 2
        assert source.read_bytes() == before
        assert list((tmp_path / "in").iterdir()) == [source]

    def test_the_summary_counts_copies_only(self, tmp_path: Path, capsys: Said) -> None:
        (tmp_path / "a.jpg").touch()
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out") == 1
        assert "0 of 1 photos done" in no_traceback(capsys)

    def test_a_full_disk(self, tmp_path: Path, capsys: Said) -> None:
        full = Path("/dev/full")
        if not full.exists():
            pytest.skip("no /dev/full here")
        photo(tmp_path / "a.jpg")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out", "--json", full) == 2
        no_traceback(capsys)


class TestWrongUsage:
    @pytest.mark.parametrize(
        "words",
        [
            ["protect"],
            ["protect", "a.jpg"],
            ["protect", "a.jpg", "--out", "o", "--strength", "bold"],
            ["nonsense"],
            ["protect", "a.jpg", "--out", "o", "--platform", "myspace"],
        ],
    )
    def test_ends_with_two(self, words: list[str], capsys: Said) -> None:
        with pytest.raises(SystemExit) as end:
            main(words)
        assert end.value.code == 2
        no_traceback(capsys)

    def test_a_shield_without_an_encoder_is_refused_with_the_way_to_get_one(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out", "--shield-edits") == 2
        assert "photoguard models get taef2_encoder" in no_traceback(capsys)
        assert not (tmp_path / "out").exists()

    def test_an_unknown_model(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        assert run("protect", tmp_path / "a.jpg", "--out", tmp_path / "out", "--models", "nobody") == 2
        assert "nobody" in no_traceback(capsys)

    def test_a_report_never_replaces_another_file(self, tmp_path: Path, capsys: Said) -> None:
        photo(tmp_path / "a.jpg")
        (tmp_path / "diary.json").write_text("{}")
        assert run("scrub", tmp_path / "a.jpg", "--out", tmp_path / "out", "--json", tmp_path / "diary.json") == 2
        assert (tmp_path / "diary.json").read_text() == "{}"
        no_traceback(capsys)

    @pytest.mark.parametrize("command", ["scrub", "protect", "inspect"])
    def test_a_report_without_a_place_is_refused_before_the_work(
        self, tmp_path: Path, capsys: Said, command: str
    ) -> None:
        photo(tmp_path / "a.jpg")
        out = [] if command == "inspect" else ["--out", tmp_path / "out"]
        assert run(command, tmp_path / "a.jpg", *out, "--json", tmp_path / "nowhere" / "r.json") == 2
        assert "report could not be saved" in no_traceback(capsys)
        assert not (tmp_path / "out").exists()

    def test_a_report_that_cannot_be_written_in_the_end_is_said(
        self, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("photoguard.cli.report.replace_own", full)
        photo(tmp_path / "a.jpg")
        assert run("scrub", tmp_path / "a.jpg", "--out", tmp_path / "out", "--json", tmp_path / "r.json") == 1
        said = no_traceback(capsys)
        assert said.count("report could not be saved") == 1
        assert "1 of 1 photos done" in said


class TestScrubAndInspect:
    def test_scrub_keeps_the_picture(self, tmp_path: Path, capsys: Said) -> None:
        source = photo(tmp_path / "a.jpg")
        assert run("scrub", source, "--out", tmp_path / "out") == 0
        assert np.array_equal(np.asarray(Image.open(source)), np.asarray(Image.open(tmp_path / "out" / "a.jpg")))
        assert b"Gildong" not in (tmp_path / "out" / "a.jpg").read_bytes()
        assert "cleaned" in no_traceback(capsys)

    def test_inspect_names_without_telling(self, tmp_path: Path, capsys: Said) -> None:
        assert run("inspect", photo(tmp_path / "a.jpg")) == 0
        said = no_traceback(capsys)
        assert "notes" in said
        assert "Gildong" not in said

    def test_inspect_does_not_call_a_cut_file_free(self, tmp_path: Path, capsys: Said) -> None:
        coded = io.BytesIO()
        Image.fromarray(drawn(240, 220, (FACE,))).save(coded, "JPEG")
        (tmp_path / "cut.jpg").write_bytes(coded.getvalue()[:-2000])
        assert run("inspect", tmp_path / "cut.jpg", "--json", tmp_path / "report.json") == 1
        assert json.loads((tmp_path / "report.json").read_text())["files"][0]["reason"]["code"] == "truncated"
        said = no_traceback(capsys)
        assert "could not be read" in said
        assert "nothing but the picture" not in said

    def test_inspect_as_json(self, tmp_path: Path, capsys: Said) -> None:
        assert run("inspect", photo(tmp_path / "a.jpg"), "--json", "-") == 0
        (entry,) = json.loads(capsys.readouterr().out)["files"]
        assert entry["findings"][0]["kind"] == "text"

    def test_neutral_names(self, tmp_path: Path) -> None:
        photo(tmp_path / "in" / "Minji 2026-03-02.jpg")
        assert run("scrub", tmp_path / "in", "--out", tmp_path / "out", "--rename", "counter") == 0
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["photo-0001.jpg"]
