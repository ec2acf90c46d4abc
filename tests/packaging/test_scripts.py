"""Scripts for other systems cannot run here; what they say about the project is held to the project."""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

from photoguard import __version__, places, policy

Load = Callable[[str], ModuleType]
WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


def _shell_scripts(project: Path) -> list[Path]:
    folder = project / "packaging"
    return [path for path in folder.rglob("*") if path.is_file() and path.read_bytes()[:9] == b"#!/bin/sh"]


def test_shell_scripts_are_sound(project: Path) -> None:
    scripts = _shell_scripts(project)
    assert len(scripts) >= 9
    for path in scripts:
        subprocess.run(["sh", "-n", path], check=True)
    tool = shutil.which("shellcheck")
    if tool is None:
        pytest.skip("no shellcheck")
    subprocess.run([tool, *scripts], check=True)


def test_store_entry_names_this_version_and_the_menu_entry(project: Path) -> None:
    tree = ET.parse(project / "packaging/linux/org.photoguard.photoguard.metainfo.xml")
    assert __version__ in [release.get("version") for release in tree.iter("release")]
    entry = tree.findtext("launchable")
    assert entry is not None
    assert (project / "packaging/menu/linux/.local/share/applications" / entry).is_file()


def test_example_rules_are_rules(project: Path) -> None:
    rules = policy.read(project / "packaging" / "policy-example.toml")
    assert not rules.network
    assert rules.help_extra


def test_windows_installer_puts_rules_where_photoguard_looks(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("PROGRAMDATA", "PD")
    assert places.machine_config() / policy.FILE == Path("PD", "photoguard", "policy.toml")
    script = (project / "packaging/windows/photoguard.iss").read_text(encoding="utf-8")
    assert r'DestDir: "{commonappdata}\photoguard"; DestName: "policy.toml"' in script


@pytest.mark.parametrize("name", ["windows/photoguard.iss", "windows/photoguard.wxs"])
def test_windows_installers_start_programs_that_are_frozen(project: Path, name: str) -> None:
    made = set(
        re.findall(r'program\("([a-z-]+)"', (project / "packaging/pyinstaller/photoguard.spec").read_text("utf-8"))
    )
    assert made == {"photoguard", "photoguard-window"}
    used = set(re.findall(r"([a-z-]+)\.exe", (project / "packaging" / name).read_text(encoding="utf-8")))
    assert {one for one in used if one.startswith("photoguard")} == made


def test_phrases_of_the_installer_are_there_in_every_language(project: Path) -> None:
    script = (project / "packaging/windows/photoguard.iss").read_text(encoding="utf-8")
    phrases = {tongue: set(re.findall(rf"^{tongue}\.(\w+)=", script, re.MULTILINE)) for tongue in ("en", "ko")}
    assert phrases["en"] == phrases["ko"]
    own = set(re.findall(r"\{cm:(\w+)", script)) | set(re.findall(r"CustomMessage\('(\w+)'\)", script))
    assert own - phrases["en"] <= {"CreateDesktopIcon", "LaunchProgram"}
    assert phrases["en"] <= own


def test_every_file_is_in_the_msi_once(script: Load, tmp_path: Path) -> None:
    files = [
        "photoguard.exe",
        "photoguard-window.exe",
        "_internal/a/same.txt",
        "_internal/b/same.txt",
        "_internal/한글.txt",
    ]
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    root = script("windows/msi_files.py").listed(tmp_path).getroot()
    sources = [Path(file.attrib["Source"]).relative_to(tmp_path).as_posix() for file in root.iter(f"{WIX}File")]
    assert sorted(sources) == sorted(files)
    components = [one.attrib for one in root.iter(f"{WIX}Component")]
    assert len({one["Id"] for one in components}) == len({one["Guid"] for one in components}) == len(files)
    assert {one.attrib["Id"] for one in root.iter(f"{WIX}ComponentRef")} == {one["Id"] for one in components}
    assert all(len(one["Id"]) <= 72 for one in components)
    assert "photoguard.exe" in {file.attrib["Id"] for file in root.iter(f"{WIX}File")}


def test_the_msi_takes_rules_before_models_and_speaks_its_code_page(project: Path) -> None:
    """Deferred actions after InstallFinalize never run; letters outside the product's code page do not compile."""
    data = (project / "packaging/windows/photoguard.wxs").read_bytes()
    assert data.isascii()
    sequence = ET.fromstring(data).iter(f"{WIX}Custom")
    number = {one.attrib["Action"]: int(one.attrib["Sequence"]) for one in sequence}
    assert 4000 < number["TakeRules"] < number["TakeModels"] < 6600


def test_macos_files_are_property_lists(project: Path) -> None:
    rights = plistlib.loads((project / "packaging/macos/entitlements.plist").read_bytes())
    assert "com.apple.security.network.client" not in rights
    assert all(value is True for value in rights.values())


def test_flatpak_has_no_network(project: Path) -> None:
    text = (project / "packaging/linux/flatpak/org.photoguard.photoguard.yaml").read_text(encoding="utf-8")
    given = re.findall(r"^  - (--\S+)$", text, re.MULTILINE)
    assert given
    assert "--share=network" not in given
    assert not [one for one in given if one in {"--filesystem=host", "--filesystem=home"}]


def test_the_workflow_runs_what_is_there_and_pins_what_it_borrows(project: Path) -> None:
    text = (project / ".github/workflows/installers.yml").read_text(encoding="utf-8")
    borrowed = re.findall(r"uses: (\S+)", text)
    assert borrowed
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in borrowed)
    for place in re.findall(r"packaging/[\w./-]+[\w]", text):
        assert (project / place).exists(), place


def test_parts_are_listed_and_unknown_terms_stop_the_build(script: Load, project: Path, tmp_path: Path) -> None:
    components = script("pyinstaller/components.py")
    part = components._package(components.distribution("pillow"))
    assert (part.version, part.licence) == (version("pillow"), "MIT-CMU")
    assert part.texts
    sbom = tmp_path / "parts.json"
    script("pyinstaller/sbom.py").write_sbom([part], sbom)
    once = sbom.read_bytes()
    script("pyinstaller/sbom.py").write_sbom([part], sbom)
    assert sbom.read_bytes() == once
    assert part.purl.encode() in once
    licences = script("pyinstaller/licences.py")
    licences.write_licences(project, [part], tmp_path / "licences")
    assert "| pillow |" in (tmp_path / "licences" / licences.REPORT).read_text(encoding="utf-8")
    assert list((tmp_path / "licences" / "pillow").iterdir())
    stranger = components.Component("stranger", "1", "unknown", "pkg:pypi/stranger@1", ())
    with pytest.raises(SystemExit, match="stranger"):
        licences.write_licences(project, [stranger], tmp_path / "licences")
