"""Runs an installed photoguard as a stranger's computer would: nothing else on the search path, an empty home, no network.

    python packaging/smoke/smoke.py PROGRAM [--window SCREENSHOT.png] [--root FOLDER]

PROGRAM is the frozen `photoguard`. The photo is the portrait that comes with it (Eileen Collins, NASA, public domain). With `--window`
the window is opened, under Xvfb on Linux, until it is on the screen; the time that took is told. Exit code 1 when something is wrong.
Standard library only.
"""  # noqa: INP001

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_S = 600
_WINDOW_PATIENCE_S = 60
_KEPT = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "OMP_NUM_THREADS")
"""All that is left of the environment; Windows starts no program without the first."""


class Smoke:
    """One program, tried out."""

    def __init__(self, program: Path, folder: Path, root: Path | None = None) -> None:
        self.program = program
        self.folder = folder
        self.root = root or Path("/")
        home = folder / "home"
        home.mkdir()
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.environment = {
            **kept,
            **dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), self.seen(home)),
            "LC_ALL": "C.UTF-8",
        }
        # on Linux as root: a network name space of its own, without any connection
        may_cut = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("unshare")
        elsewhere = (shutil.which("chroot") or "/usr/sbin/chroot", str(root)) if root else ()
        self.start = (*(("unshare", "-n") if may_cut else ()), *elsewhere, self.seen(program))
        self.portrait = folder / "portrait 초상.png"
        inside = [*program.parent.rglob("astronaut.png"), *program.parent.parent.rglob("astronaut.png")]
        shutil.copy(inside[0], self.portrait)

    def seen(self, path: Path) -> str:
        """``path`` as the program sees it, whose root may be another."""
        return "/" + path.relative_to(self.root).as_posix() if self.root != Path("/") else str(path)

    def run(self, *arguments: str, codes: Sequence[int] = (0,)) -> str:
        """Standard output of the program."""
        done = subprocess.run(  # noqa: S603
            [*self.start, *arguments],
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            timeout=_PATIENCE_S,
            check=False,
        )
        said, complaint = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        if done.returncode not in codes:
            raise AssertionError(
                f"{' '.join(arguments)} ended with {done.returncode}:\n{said[-2000:]}\n{complaint[-4000:]}"
            )
        if "Traceback" in complaint or "Warning" in complaint:
            raise AssertionError(f"{' '.join(arguments)} complained:\n{complaint[-4000:]}")
        return said

    def says_what_is_inside(self) -> None:
        """`--version --verbose` names the parts; torch among them, in no build for graphics cards."""
        said = self.run("--version", "--verbose")
        assert "installed program" in said, said
        for part in ("torch 2.13.0", "numpy ", "PySide6", "pi", "onnxruntime "):
            assert part in said, f"{part} is missing in:\n{said}"
        assert "nvidia" not in said.lower(), said

    def tells_what_a_photo_carries(self) -> None:
        """`inspect` finds the camera, and loads no torch for it."""
        report = json.loads(self.run("inspect", self.seen(self.portrait), "--json", "-"))
        assert report["files"][0]["findings"], report

    def protects_a_photo(self) -> None:
        """A copy whose likeness was measured, and nothing hidden in it; the original is as it was."""
        before = self.portrait.read_bytes()
        out = self.folder / "protected"
        report = json.loads(self.run("protect", self.seen(self.portrait), "--out", self.seen(out), "--json", "-"))
        (file,) = report["files"]
        assert file["outcome"] == "protected", file
        assert len(file["faces"]) == 1, file
        assert file["faces"][0]["similarity"], file
        copy = self.root / file["output"].lstrip("/") if sys.platform != "win32" else Path(file["output"])
        assert copy.is_file(), file
        assert self.portrait.read_bytes() == before
        left = json.loads(self.run("inspect", self.seen(copy), "--json", "-"))
        assert not left["files"][0]["findings"], left

    def protects_with_several_processes(self) -> None:
        """Engine processes are the program started again; a frozen one that forgets so opens itself without end."""
        folder = self.folder / "album"
        folder.mkdir()
        for number in range(2):
            shutil.copy(self.portrait, folder / f"{number}.png")
            with (folder / f"{number}.png").open("ab") as photo:
                photo.write(b"%d" % number)  # two photos with one content are worked out once
        out = self.folder / "album protected"
        said = self.run(
            *(
                "protect",
                self.seen(folder),
                "--out",
                self.seen(out),
                "--jobs",
                "2",
                "--strength",
                "gentle",
                "--no-resume",
                "--json",
                "-",
            )
        )
        assert [file["outcome"] for file in json.loads(said)["files"]] == ["protected", "protected"], said

    def scrubs_a_photo(self) -> None:
        """Hidden data alone goes."""
        said = self.run("scrub", self.seen(self.portrait), "--out", self.seen(self.folder / "scrubbed"), "--json", "-")
        assert json.loads(said)["files"][0]["outcome"] == "scrubbed", said

    def shows_the_sample(self) -> None:
        """`demo` needs nothing but the installation."""
        out = self.folder / "demo"
        self.run("demo", "--out", self.seen(out))
        assert {path.name for path in out.iterdir()} == {"astronaut.png", "before-after.png"}

    def keeps_to_the_rules(self) -> None:
        """Rules that nobody can read stop the work; `PHOTOGUARD_DATA` and the machine's place are left alone."""
        folder = self.folder / "home" / ".config" / "photoguard"
        if sys.platform != "linux":
            return
        folder.mkdir(parents=True)
        (folder / "policy.toml").write_text("least_strenght = 'strong'\n", encoding="utf-8")
        try:
            self.run("protect", self.seen(self.portrait), "--out", self.seen(self.folder / "not written"), codes=(2,))
        finally:
            shutil.rmtree(folder)

    def opens_every_view(self) -> None:
        """`gui --selftest`: all views, both languages, the process without torch."""
        report = json.loads(self.run("gui", "--selftest"))
        assert report["languages"] == ["en", "ko"], report
        assert not report["torch_loaded"], report
        assert not report["unnamed_widgets"], report
        assert not report["clipped"], report

    def opens_its_window(self, screenshot: Path) -> None:
        """With a photo in its list; Linux takes the picture, elsewhere it must stay open without a complaint."""
        if sys.platform != "linux":
            self._stays_open()
            return
        with _screen() as display:
            environment = {**self.environment, "DISPLAY": display, "PHOTOGUARD_LANG": "ko"}
            cold = _forget_files(self.program.resolve().parent)
            started = time.monotonic()
            window = subprocess.Popen(  # noqa: S603
                [*self.start, "gui", self.seen(self.portrait)], env=environment
            )
            try:
                outside = {**os.environ, "DISPLAY": display}
                subprocess.run(
                    ["xdotool", "search", "--sync", "--onlyvisible", "--name", "photoguard"],  # noqa: S607
                    env=outside,
                    timeout=_WINDOW_PATIENCE_S,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                seconds = time.monotonic() - started
                print(f"  on the screen after {seconds:.2f} s, {cold:.0%} of the files read from the disk")  # noqa: T201
                time.sleep(20)  # until the faces are found
                assert window.poll() is None, "the window closed by itself"
                subprocess.run(["import", "-window", "root", str(screenshot)], env=outside, check=True)  # noqa: S603, S607
            finally:
                window.terminate()
                window.wait()

    def _stays_open(self) -> None:
        name = "photoguard-window" + self.program.suffix
        windowed = self.program.with_name(name)
        window = subprocess.Popen([str(windowed if windowed.exists() else self.program)], env=self.environment)  # noqa: S603
        try:
            time.sleep(20)
            assert window.poll() is None, f"{name} ended with {window.returncode}"
        finally:
            window.terminate()
            window.wait()


def _forget_files(folder: Path) -> float:
    """Take the files in ``folder`` out of the system's memory, as after switching on; the part that is really gone."""
    sizes = left = 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    found = subprocess.run(  # noqa: S603
        ["fincore", "--bytes", "--noheadings", "--output", "RES,SIZE", *map(str, folder.rglob("*.so*"))],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    for line in found.stdout.splitlines():
        resident, size = map(int, line.split())
        left, sizes = left + resident, sizes + size
    return 1 - left / sizes if sizes else 0.0


@contextmanager
def _screen() -> Iterator[str]:
    read, write = os.pipe()
    server = subprocess.Popen(  # noqa: S603
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x860x24", "-nolisten", "tcp"],  # noqa: S607
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Try everything; 1 where something failed."""
    parser = argparse.ArgumentParser(description="Runs an installed photoguard in an empty environment.")
    parser.add_argument("program", type=Path)
    parser.add_argument("--window", type=Path, metavar="SCREENSHOT", help="also open the window, and take its picture")
    parser.add_argument(
        "--root", type=Path, metavar="FOLDER", help="the program lies in this other root, and is started there"
    )
    asked = parser.parse_args()
    failed = passed = 0
    root = asked.root.resolve() if asked.root else None
    with tempfile.TemporaryDirectory(prefix="photoguard smoke ", dir=root / "tmp" if root else None) as name:
        smoke = Smoke(asked.program.resolve(), Path(name), root)
        checks: list[Callable[[], None]] = [
            smoke.says_what_is_inside,
            smoke.tells_what_a_photo_carries,
            smoke.scrubs_a_photo,
            smoke.protects_a_photo,
            smoke.protects_with_several_processes,
            smoke.shows_the_sample,
            smoke.keeps_to_the_rules,
            smoke.opens_every_view,
        ]
        if asked.window is not None:
            screenshot = asked.window.resolve()

            def opens_its_window() -> None:
                smoke.opens_its_window(screenshot)

            checks.append(opens_its_window)
        for check in checks:
            started = time.monotonic()
            try:
                check()
            except (AssertionError, OSError, subprocess.SubprocessError, ValueError, LookupError) as error:
                failed += 1
                print(f"FAILED {check.__name__}: {error}", flush=True)  # noqa: T201
            else:
                passed += 1
                print(f"ok {check.__name__} ({time.monotonic() - started:.1f} s)", flush=True)  # noqa: T201
    print(f"{passed} passed, {failed} failed")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
