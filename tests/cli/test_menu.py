"""Menu entries of each file manager: right where they belong, safe with any path, never over another file."""

from __future__ import annotations

import configparser
import plistlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from photoguard.cli import main, menu
from photoguard.cli.menu_entries import entries
from photoguard.i18n import Language

ODD = ('/home/a b/$x`y"z%F/python', "-m", "photoguard", "gui")


def _exec_words(line: str) -> list[str]:
    """The reverse of what the Desktop Entry Specification says about strings, quoting and field codes."""
    unescaped = line.replace("\\\\", "\\")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', unescaped)
    plain = [re.sub(r"\\(.)", r"\1", quoted) or bare for quoted, bare in words]
    return [word.replace("%%", "%") if word != "%F" else word for word in plain]


def test_linux_entries_start_the_very_program() -> None:
    made = {entry.place.name: entry for entry in entries("linux", ODD, Language.ENGLISH)}
    for name, section in (
        ("photoguard.desktop", "Desktop Action photoguard"),
        ("photoguard.nemo_action", "Nemo Action"),
    ):
        parser = configparser.RawConfigParser()
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read_string(made[name].content.decode())
        assert _exec_words(parser[section]["Exec"]) == [*ODD, "%F"]
        assert parser[section]["Name[ko]"]


def test_a_script_hands_over_names_as_they_are(tmp_path: Path) -> None:
    show = tmp_path / "sh ow"
    show.write_text('#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done\n')
    show.chmod(0o755)
    script = next(one for one in entries("linux", (str(show),), Language.ENGLISH) if "nautilus" in one.place.parts)
    path = tmp_path / "script"
    path.write_bytes(script.content)
    said = subprocess.run(["/bin/sh", path, "a b.jpg", "$HOME;x"], check=True, capture_output=True, text=True).stdout
    assert said.splitlines() == ["[a b.jpg]", "[$HOME;x]"]


@pytest.mark.parametrize("tongue", [*Language])
def test_the_other_systems_entries_are_well_formed(tongue: Language) -> None:
    (send_to,) = entries("win32", ("C:\\a b\\pythonw.exe", "-m", "photoguard", "gui"), tongue)
    assert b'"C:\\a b\\pythonw.exe" -m photoguard gui %*' in send_to.content
    info, flow = entries("darwin", ODD, tongue)
    assert plistlib.loads(info.content)["NSServices"][0]["NSMessage"] == "runWorkflowAsService"
    action = plistlib.loads(flow.content)["actions"][0]["action"]
    assert shlex.split(action["ActionParameters"]["COMMAND_STRING"])[:4] == list(ODD)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux' places")
def test_put_in_and_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for _ in range(2):
        assert main(["install-menu"]) == 0
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) == 4
    assert main(["install-menu", "--remove"]) == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux' places")
def test_another_file_of_that_name_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    mine = tmp_path / ".local" / "share" / "applications" / "photoguard.desktop"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert main(["install-menu"]) == 2
    assert main(["install-menu", "--remove"]) == 0
    assert mine.read_text() == "mine"


@pytest.mark.parametrize(("folder", "system"), [("linux", "linux"), ("windows", "win32"), ("macos", "darwin")])
def test_what_packagers_find_is_what_the_command_makes(folder: str, system: str) -> None:
    base = Path(__file__).parents[2] / "packaging" / "menu" / folder
    made = {base / one.place: one.content for one in entries(system, ("photoguard", "gui"), Language.ENGLISH)}
    assert {path: path.read_bytes() for path in base.rglob("*") if path.is_file()} == made


def test_the_installed_program_is_opened_without_a_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen program is its own interpreter: `-m photoguard` would be taken for a command."""
    program = tmp_path / "photoguard.exe"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    assert menu.command() == (str(program), "gui")
    (tmp_path / "photoguard-window.exe").touch()
    assert menu.command() == (str(tmp_path / "photoguard-window.exe"),)
