"""Freezes photoguard into one folder that needs no Python: `python packaging/pyinstaller/build.py --out dist`.

Run with the Python of an environment made from `packaging/requirements/`. Writes ``OUT/photoguard`` (on macOS also
``OUT/photoguard.app``), with the licences of everything inside, and ``OUT/photoguard-VERSION.cdx.json``, a list of its parts.
"""  # noqa: INP001

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT), str(HERE), str(HERE.parent / "icons")]

import photoguard  # noqa: E402

_STRIPPED = (
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libtorch_python.so",
    "torch/lib/libc10.so",
    "libpython3*.so*",
    "libcrypto.so*",
)
"""Their tables of local symbols, 100 MB, serve debuggers only. Libraries that were patched after linking are left alone."""


def main() -> None:
    """Build and say how large the folder is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=PROJECT / "dist")
    out = parser.parse_args().out.resolve()
    build = PROJECT / "build"
    from make_icons import make_icons

    make_icons(build / "icons")
    if sys.platform == "win32":
        (build / "windows-version.txt").write_text(_windows_version(photoguard.__version__), encoding="utf-8")
    shutil.rmtree(out / "photoguard", ignore_errors=True)
    _run(
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", str(out), "--workpath", str(build / "pyinstaller"), str(HERE / "photoguard.spec")),
    )
    folders = [out / "photoguard"]
    if sys.platform.startswith("linux"):
        _strip(out / "photoguard" / "_internal")
    if sys.platform == "darwin":
        folders.append(out / "photoguard.app" / "Contents" / "Resources")
    from components import components
    from licences import write_licences
    from sbom import write_sbom

    parts = components(PROJECT, out / "photoguard" / "_internal")
    for folder in folders:
        inside = folder / "_internal" if (folder / "_internal").is_dir() else folder
        write_licences(PROJECT, parts, inside / "licences")
    write_sbom(parts, out / f"photoguard-{photoguard.__version__}.cdx.json")
    size = sum(
        path.stat().st_size for path in (out / "photoguard").rglob("*") if path.is_file() and not path.is_symlink()
    )
    print(f"{out / 'photoguard'}: {size / 1e6:.0f} MB, {len(parts)} parts")  # noqa: T201


def _strip(inside: Path) -> None:
    tool = shutil.which("strip")
    if tool is None:
        return
    for pattern in _STRIPPED:
        for library in inside.glob(pattern):
            if not library.is_symlink():
                _run(tool, "--strip-unneeded", str(library))


def _windows_version(version: str) -> str:
    """The resource that Explorer shows under Properties, as PyInstaller reads it."""
    numbers = tuple(int(part) for part in (version.split("+", maxsplit=1)[0].split(".") + ["0"] * 4)[:4])
    texts = {
        "CompanyName": "photoguard",
        "FileDescription": "photoguard",
        "FileVersion": version,
        "ProductName": "photoguard",
        "ProductVersion": version,
    }
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in texts.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, "
        "fileType=0x1, subtype=0x0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('040904B0', [{strings}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def _run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=PROJECT)  # noqa: S603


if __name__ == "__main__":
    main()
