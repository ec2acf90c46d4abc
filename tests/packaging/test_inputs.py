"""What installers are built from is fixed byte for byte, and fits pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from packaging.version import Version

from packaging.requirements import Requirement

Load = Callable[[str], ModuleType]
SYSTEMS = ("linux-x86_64", "windows-x86_64", "macos-arm64")


def _locked(project: Path, system: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by name."""
    text = (project / "packaging" / "requirements" / f"{system}.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", text):
        match = re.match(r"([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", block)
        if match:
            found[match[1].replace("_", "-")] = (match[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}", block)))
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_input_is_known_by_its_hash(project: Path, system: str) -> None:
    locked = _locked(project, system)
    assert len(locked) > 30
    assert not [name for name, (_, hashes) in locked.items() if not hashes]


@pytest.mark.parametrize("system", SYSTEMS)
def test_nothing_for_graphics_cards_comes_along(project: Path, system: str) -> None:
    unwanted = re.compile(r"nvidia|cuda|triton|torchvision|torchaudio")
    assert not [name for name in _locked(project, system) if unwanted.match(name)]
    version = _locked(project, system)["torch"][0]
    assert version == ("2.13.0+cpu" if system.startswith("linux") else "2.13.0")


@pytest.mark.parametrize("system", SYSTEMS)
def test_locked_versions_fit_what_the_project_asks_for(project: Path, script: Load, system: str) -> None:
    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = script("pyinstaller/contents.py").EXTRAS
    asked = table["dependencies"] + [line for extra in extras for line in table["optional-dependencies"][extra]]
    locked = _locked(project, system)
    for line in asked:
        one = Requirement(line)
        version = locked[one.name.lower().replace("_", "-")][0]
        assert one.specifier.contains(Version(version).public if "+" in version else version), line


def test_packages_under_the_gpl_stay_outside(project: Path) -> None:
    for system in SYSTEMS:
        assert not {"pillow-heif", "pillow-jxl-plugin"} & set(_locked(project, system))
