"""What the program says of itself."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from photoguard import __version__
from photoguard.cli.version import version_text


def test_one_line_says_which_photoguard() -> None:
    assert version_text(is_verbose=False) == f"photoguard {__version__}"


def test_verbose_names_what_the_result_depends_on() -> None:
    lines = version_text(is_verbose=True).splitlines()
    assert f"torch {version('torch')}" in lines
    assert f"pillow {version('pillow')}" in lines


def test_the_installed_program_names_everything_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of parts too, each once, and no folder of this computer."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    text = version_text(is_verbose=True)
    lines = text.splitlines()
    assert f"certifi {version('certifi')}" in lines
    assert len(lines) == len(set(lines))
    assert str(Path.home()) not in text
