"""What is left out of the installers is nothing that photoguard uses."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Load = Callable[[str], ModuleType]


@pytest.fixture
def contents(script: Load) -> ModuleType:
    return script("pyinstaller/contents.py")


def _imported(package: Path) -> set[str]:
    names: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return names


def test_nothing_that_the_window_or_the_engine_imports_is_left_out(contents: ModuleType, project: Path) -> None:
    """Only what belongs to extras that are not inside may be missing; those are asked for within functions that say so."""
    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    absent = set(table["optional-dependencies"]) - {*contents.EXTRAS, "demo", "test"}
    # without keyring the key of the personas lies in a file that the user alone may read (docs/folders.md)
    assert absent == {"jxl", "cluster", "bench", "keyring"}
    rooms = [folder for folder in (project / "photoguard").iterdir() if folder.is_dir() and folder.name != "bench"]
    used = set().union(*(_imported(room) for room in rooms))
    missing = {one for one in used for out in contents.EXCLUDED_MODULES if one == out or one.startswith(f"{out}.")}
    # Dask is asked for by --cluster alone
    assert {one.split(".")[0] for one in missing} <= {"distributed", "dask"}


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/translations/qtbase_ko.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/plugins/imageformats/qjpeg.dll",
        "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
        "PySide6/Qt6Widgets.dll",
        "torch/lib/libtorch_cpu.so",
        "photoguard/packs/registry.toml",
        "torch-2.13.0.dist-info/licenses/third_party/x/testing/LICENSE.txt",
    ],
)
def test_what_the_window_needs_stays(contents: ModuleType, path: str) -> None:
    assert contents.is_wanted(path)
    assert contents.is_wanted(path.replace("/", "\\"))


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt6Network.dll",
        "PySide6/opengl32sw.dll",
        "torch/include/ATen/ATen.h",
    ],
)
def test_what_nobody_needs_goes(contents: ModuleType, path: str) -> None:
    assert not contents.is_wanted(path)


def test_every_data_file_of_the_package_is_inside(contents: ModuleType, project: Path) -> None:
    """A table, a font or an icon that is added to the project comes along by itself."""
    pytest.importorskip("skimage")
    placed = {(Path(source).name, target) for source, target in contents.data_files(project)}
    assert ("registry.toml", "photoguard/packs") in placed
    assert ("contacts.toml", "photoguard/help") in placed
    assert ("photoguard-gothic-regular.ttf", "photoguard/assets/fonts") in placed
    assert ("photoguard.png", "photoguard/assets/icon") in placed
    other = {
        path.name
        for path in (project / "photoguard").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".pyi", ".typed"}
    }
    assert other <= {name for name, _ in placed}


def test_only_libraries_that_lost_their_user_are_dropped(contents: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(contents, "_needed_by", lambda source: {"libneeded.so.1"} if source == "/a" else set())
    entries = [
        ("deep/plugin.so", "/a", "BINARY"),
        ("libneeded.so.1", "/b", "BINARY"),
        ("liborphan.so.2", "/c", "BINARY"),
        ("libpython3.11.so.1.0", "/d", "BINARY"),
    ]
    assert [entry[0] for entry in contents.without_orphans(entries)] == [
        "deep/plugin.so",
        "libneeded.so.1",
        "libpython3.11.so.1.0",
    ]
