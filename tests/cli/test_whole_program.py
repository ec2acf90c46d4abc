"""The installed program in a process of its own, with the real detector and encoder."""

from __future__ import annotations

import json
import os
import shutil
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


def test_the_demo_protects_the_portrait(portrait: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "demo", "--out", tmp_path], check=False, capture_output=True, text=True, env=environment()
    )
    assert done.returncode == 0, done.stderr
    copy, sheet = Image.open(tmp_path / "astronaut.png"), Image.open(tmp_path / "before-after.png")
    assert copy.size == Image.open(portrait).size
    assert copy.info == {}
    assert sheet.width > 1000
    assert "dlib sees the person at 0." in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_stopping_leaves_whole_copies_only(portrait: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        shutil.copy(portrait, folder / f"{number:02}.png")
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
    assert len(copies) < 12
    assert all(copy in {f"{n:02}.png" for n in range(12)} for copy in copies)  # no half-written file beside them
    for copy in copies:
        Image.open(out / copy).load()
    told = json.loads(report.read_text())["files"]
    assert [Path(one["output"]).name for one in told] == copies
