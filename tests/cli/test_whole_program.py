"""The installed program in a process of its own, with the real detector and encoder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

PROGRAM = [sys.executable, "-m", "photoguard"]


def environment() -> dict[str, str]:
    return {**os.environ, "PHOTOGUARD_LANG": "en", "OMP_NUM_THREADS": "2"}


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys, contextlib\n"
        "from photoguard.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        "assert not {'torch', 'dlib', 'PIL', 'numpy'} & set(sys.modules), sorted(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment())


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.2, 0.4])
def test_stopping_at_start_up_says_no_word_of_python(portrait: Path, tmp_path: Path, seconds: float) -> None:
    with subprocess.Popen(
        [*PROGRAM, "protect", portrait, "--out", tmp_path / "out"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), "PYTHONPATH": _slow_start(tmp_path)},
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def _slow_start(tmp_path: Path) -> str:
    """A folder for PYTHONPATH that tells when the program has taken over the signal."""
    (tmp_path / "sitecustomize.py").write_text(
        "import signal, sys\n"
        "real = signal.signal\n"
        "def telling(*what):\n"
        "    former = real(*what)\n"
        "    print('begun', file=sys.stderr, flush=True)\n"
        "    signal.signal = real\n"
        "    return former\n"
        "signal.signal = telling\n"
    )
    return os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.mark.parametrize("command", ["inspect", "scrub"])
@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path, command: str) -> None:
    for number in range(400):
        (tmp_path / f"{number}.jpg").touch()
    out = [] if command == "inspect" else ["--out", tmp_path / "out"]
    with subprocess.Popen(
        [*PROGRAM, command, tmp_path, *out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said
    assert process.returncode in {0, 1}


@pytest.mark.parametrize("words", [["inspect", "@/a.jpg"], ["scrub", "@/a.jpg", "--out", "@/out"], ["--help"]])
@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_the_last_words_too_may_find_no_reader(tmp_path: Path, words: list[str]) -> None:
    """Few words are held back until the very end, where Python itself would complain."""
    (tmp_path / "a.jpg").touch()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, *(word.replace("@", str(tmp_path)) for word in words)],
        check=False,
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    os.close(writer)
    assert done.stderr == b""


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_no_escape_sequence_where_no_terminal_is(tmp_path: Path, variable: dict[str, str]) -> None:
    (tmp_path / "a.jpg").touch()
    done = subprocess.run(
        [*PROGRAM, "scrub", tmp_path / "a.jpg", "--out", tmp_path / "out"],
        check=False,
        capture_output=True,
        env={**environment(), **variable},
    )
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr == b""


def test_the_demo_protects_the_portrait(portrait: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "demo", "--out", tmp_path], check=False, capture_output=True, text=True, env=environment()
    )
    assert done.returncode == 0, done.stderr
    copy, sheet = Image.open(tmp_path / "astronaut.png"), Image.open(tmp_path / "before-after.png")
    assert copy.size == Image.open(portrait).size
    assert copy.info == {}
    assert sheet.width > 1000
    assert "Not independently checked" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_stopping_leaves_whole_copies_only(portrait: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):  # from six on there is a process for each core
        # photos with the same content would be done once and copied
        with Image.open(portrait) as image:
            image.paste((number, 0, 0), (0, 0, 8, 8))
            image.save(folder / f"{number:02}.png")
    out, report = tmp_path / "out", tmp_path / "report.json"
    with subprocess.Popen(
        [*PROGRAM, "protect", folder, "--out", out, "--strength", "gentle", "--json", report],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 120
        while not (out / "00.png").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.7)  # in the middle of the next photo
        process.send_signal(getattr(signal, name))
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "Stopped." in err
    copies = sorted(path.name for path in out.iterdir())
    assert copies
    assert copies[0] == "00.png"
    assert len(copies) < 6
    assert all(copy in {f"{n:02}.png" for n in range(6)} for copy in copies)  # no half-written file beside them
    for copy in copies:
        Image.open(out / copy).load()
    told = json.loads(report.read_text())["files"]
    assert [Path(one["output"]).name for one in told] == copies
