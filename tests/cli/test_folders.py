"""Folders on the command line: what scripts read, reports, forgetting, watching; scrubbing only, so it takes seconds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_practice import photo

from photoguard.cli import main
from photoguard.cli.parser import parse

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOGUARD_LANG", "en")


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def folder(tmp_path: Path) -> Path:
    for number in range(3):
        photo(tmp_path / "in" / f"{number}.jpg", shade=number)
    (tmp_path / "in" / "note.jpg").write_text("no photo")
    return tmp_path / "in"


@pytest.mark.parametrize("jobs", [1, 2])
def test_scripts_read_one_object_per_line(tmp_path: Path, capsys: Said, jobs: int) -> None:
    assert (
        run("scrub", folder(tmp_path), "--out", tmp_path / "out", "--jobs", jobs, "--progress", "json", "--json", "-")
        == 1
    )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1], events.count("outcome")) == ("ready", "end", 4)
    assert [line["done"] for line in lines if line["event"] == "outcome"] == [1, 2, 3, 4]
    report = lines[-1]["report"]
    assert [Path(one["source"]).name for one in report["files"]] == ["0.jpg", "1.jpg", "2.jpg", "note.jpg"]
    assert [one["outcome"] for one in report["files"]] == ["scrubbed"] * 3 + ["refused"]


def test_reports_and_a_second_run(tmp_path: Path, capsys: Said) -> None:
    words = ("scrub", folder(tmp_path), "--out", tmp_path / "out", "--report", tmp_path / "r.html")
    for _ in range(2):
        assert run(*words, "--report", tmp_path / "r.csv") == 1
    said = capsys.readouterr().out
    assert said.count(".jpg: already there") == 3
    assert said.count("in an earlier run: cleaned") == 3
    assert "data:image" not in (tmp_path / "r.html").read_text()  # nothing was protected
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig").count("skipped,scrubbed") == 3


def test_files_that_are_no_photos_are_counted_and_listed_in_the_report(tmp_path: Path, capsys: Said) -> None:
    photo(tmp_path / "in" / "a.jpg")
    others = [tmp_path / "in" / name for name in ("film.mp4", "notes.txt", "read.txt")]
    for other in others:
        other.touch()
    assert run("scrub", tmp_path / "in", "--out", tmp_path / "out", "--json", tmp_path / "r.json") == 0
    assert "were left alone: 3 (.txt 2, .mp4 1)." in capsys.readouterr().out
    assert json.loads((tmp_path / "r.json").read_text())["passed_over"] == [str(other) for other in others]


def test_what_was_not_protected_is_no_success_the_second_time_either(tmp_path: Path) -> None:
    photo(tmp_path / "in" / "a.jpg")
    assert run("scrub", tmp_path / "in", "--out", tmp_path / "out") == 0
    assert run("scrub", tmp_path / "in", "--out", tmp_path / "out") == 0
    (tmp_path / "in" / "b.jpg").write_bytes(b"no photo")
    for _ in range(2):
        assert run("scrub", tmp_path / "in", "--out", tmp_path / "out") == 1


def test_forgetting(tmp_path: Path, capsys: Said) -> None:
    photo(tmp_path / "in" / "a.jpg")
    assert run("scrub", tmp_path / "in", "--out", tmp_path / "out") == 0
    assert run("forget") == 0
    assert run("scrub", tmp_path / "in", "--out", tmp_path / "out") == 1  # nobody vouches for that copy any more
    assert "already a file" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "size"), [("3GB", 3_000_000_000), ("800m", 800_000_000), ("1.5 G", 1_500_000_000), ("7", 7)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse(["scrub", "a", "--out", "o", "--max-memory", text]).max_memory == size


@pytest.mark.parametrize(
    "words", [("--max-memory", "much"), ("--jobs", "0"), ("--report", "r.txt"), ("--progress", "loud")]
)
def test_what_makes_no_sense_is_wrong_usage(words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(["scrub", "a", "--out", "o", *words])
    assert end.value.code == 2


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    for number in range(40):
        photo(tmp_path / "in" / f"{number:02}.jpg", shade=number)
    words = [sys.executable, "-m", "photoguard", "scrub", str(tmp_path / "in"), "--jobs", "2", "--progress", "json"]
    whole = subprocess.run([*words, "--out", tmp_path / "once"], capture_output=True, text=True, check=True)
    assert whole.stdout.count('"scrubbed"') == 40
    environment = {**os.environ, "PHOTOGUARD_DATA": str(tmp_path / "state")}
    done = 0
    for kills in (3, 11, 7):
        with subprocess.Popen(
            [*words, "--out", tmp_path / "out"], env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            seen = 0
            for line in process.stdout:
                seen += '"event": "outcome"' in line and '"scrubbed", "earlier": null' in line
                if seen == kills:
                    process.send_signal(signal.SIGKILL)
                    break
            done += seen
    last = subprocess.run(
        [*words, "--out", tmp_path / "out"], env=environment, capture_output=True, text=True, check=True
    )
    # a photo is done anew only if the kill came between its note and its line, or before its name was given
    assert done + last.stdout.count('"scrubbed", "earlier": null') + 3 * 3 >= 40
    assert last.stdout.count('"event": "outcome"') == 40
    made, expected = ({path.name: path.read_bytes() for path in (tmp_path / n).iterdir()} for n in ("out", "once"))
    assert made == expected


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_watching_survives_a_restart(tmp_path: Path) -> None:
    pytest.importorskip("watchdog")
    script = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "import photoguard.toolbox, small_practice\n"
        "photoguard.toolbox.toolbox_for = small_practice.equipped\n"
        "from photoguard.cli import main\n"
        "sys.exit(main(['watch', sys.argv[2], '--out', sys.argv[3], '--progress', 'json']))\n"
    )
    (tmp_path / "in").mkdir()
    out = tmp_path / "out"
    words = [sys.executable, "-c", script, str(Path(__file__).parents[1]), str(tmp_path / "in"), str(out)]
    photo(tmp_path / "in" / "a.jpg")
    for name in ("b.jpg", "c.jpg"):
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if '"ready"' in line:
                    photo(tmp_path / "in" / name, shade=ord(name[0]))
                if '"outcome"' in line and name in line:
                    break
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "Traceback" not in err
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and len(list(out.iterdir())) < 3:
        time.sleep(0.1)
    assert sorted(path.name for path in out.iterdir()) == ["a.jpg", "b.jpg", "c.jpg"]
