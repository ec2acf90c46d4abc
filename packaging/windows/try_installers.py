"""Installs what Inno Setup and WiX made, runs the smoke test in both, and removes them again: `python try_installers.py dist`.

Windows, as administrator. Fails if a file of ours, a rule or a model is where it should not be afterwards.
"""  # noqa: INP001

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SMOKE = Path(__file__).resolve().parents[1] / "smoke" / "smoke.py"
RULES = Path(os.environ.get("PROGRAMDATA", "C:/ProgramData"), "photoguard", "policy.toml")


def main(folder: Path) -> None:
    """Try every installer in ``folder``."""
    (setup,) = folder.glob("photoguard-*-setup.exe")
    (msi,) = folder.glob("photoguard-*.msi")
    rules = folder / "policy.toml"
    rules.write_bytes((SMOKE.parents[1] / "policy-example.toml").read_bytes())
    silent = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")

    _try_person(setup, silent)

    programs = Path(os.environ["PROGRAMFILES"], "photoguard")
    _run(str(setup), *silent, "/ALLUSERS", f"/POLICY={rules.resolve()}")
    _assert(RULES.read_bytes() == rules.read_bytes(), "the rules were not placed")
    _smoke(programs)
    _run(str(programs / "unins000.exe"), *silent)
    _assert(not (programs / "photoguard.exe").exists(), f"{programs} is still there")
    _assert(RULES.is_file(), "uninstalling took an administrator's rules along")
    RULES.unlink()

    _run("msiexec", "/i", str(msi.resolve()), "/qn", "/norestart")
    _smoke(programs)
    _run("msiexec", "/x", str(msi.resolve()), "/qn", "/norestart")
    _assert(not (programs / "photoguard.exe").exists(), f"{programs} is still there")


def _try_person(setup: Path, silent: tuple[str, ...]) -> None:
    """For the one who is signed in."""
    own = Path(os.environ["LOCALAPPDATA"], "Programs", "photoguard")
    _run(str(setup), *silent, "/CURRENTUSER")
    _smoke(own)
    _run(str(own / "unins000.exe"), *silent)
    _assert(not (own / "photoguard.exe").exists(), f"{own} is still there")


def _smoke(folder: Path) -> None:
    _run(sys.executable, str(SMOKE), str(folder / "photoguard.exe"), "--window", "window-windows.png")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=1800)  # noqa: S603


def _assert(is_so: bool, complaint: str) -> None:
    if not is_so:
        raise SystemExit(complaint)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
