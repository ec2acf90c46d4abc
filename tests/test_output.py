from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from photoguard import output
from photoguard.errors import Failed, PhotoguardError, ProblemCode, Refused
from photoguard.output import Candidate, free_name, sweep

DATA = b"proven bytes" * 1000


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def published(destination: Path, data: bytes = DATA, **options: object) -> Path:
    with Candidate(destination, **options) as candidate:
        candidate.write(data)
        return candidate.commit()


def test_a_committed_file_is_whole_and_alone(tmp_path: Path) -> None:
    """After commit the folder holds the file with its bytes, and nothing else."""
    destination = tmp_path / "new" / "folders" / "사진 😀\n.jpg"
    assert published(destination) == destination
    assert destination.read_bytes() == DATA
    assert names(destination.parent) == [destination.name]


def test_what_is_read_back_is_what_lies_on_the_disk(tmp_path: Path) -> None:
    """The bytes to be judged come from the file, and the name is free until commit."""
    with Candidate(tmp_path / "a.jpg") as candidate:
        candidate.write(b"first, longer")
        candidate.write(b"second")
        assert candidate.read() == b"second"
        assert candidate.holds(b"second")
        (temporary,) = tmp_path.iterdir()
        assert temporary.read_bytes() == b"second"
        assert not (tmp_path / "a.jpg").exists()
        candidate.commit()
    assert (tmp_path / "a.jpg").read_bytes() == b"second"


@pytest.mark.parametrize("size", [0, 1, 5, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 3 << 18])
def test_a_file_holds_exactly_what_was_written(tmp_path: Path, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    with Candidate(tmp_path / "a.jpg") as candidate:
        candidate.write(data)
        assert candidate.holds(data)
        assert not candidate.holds(data + b"!")
        if data:
            assert not candidate.holds(data[:-1])
            assert not candidate.holds(data[:-1] + bytes([data[-1] ^ 1]))
            assert not candidate.holds(bytes([data[0] ^ 1]) + data[1:])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_any_exception_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    """Whatever goes wrong before commit, neither the file nor its temporary stays."""

    def work() -> None:
        with Candidate(tmp_path / "a.jpg") as candidate:
            candidate.write(DATA)
            raise error

    with pytest.raises(error):
        work()
    assert names(tmp_path) == []


def test_leaving_without_commit_leaves_nothing(tmp_path: Path) -> None:
    """A file that was not proven does not appear."""
    with Candidate(tmp_path / "a.jpg") as candidate:
        candidate.write(DATA)
    assert names(tmp_path) == []


@pytest.mark.parametrize("taken_by", ["file", "folder", "dangling link"])
def test_an_existing_name_is_never_touched(tmp_path: Path, taken_by: str) -> None:
    """A taken name is refused before anything is written."""
    destination = tmp_path / "a.jpg"
    if taken_by == "file":
        destination.write_bytes(b"mine")
    elif taken_by == "folder":
        destination.mkdir()
    else:
        destination.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refused) as caught:
        published(destination)
    assert caught.value.problem.code is ProblemCode.OUTPUT_EXISTS
    assert names(tmp_path) == ["a.jpg"]
    if taken_by == "file":
        assert destination.read_bytes() == b"mine"


@pytest.mark.parametrize("link", ["same", "hard", "symbolic", "folder"])
def test_the_source_is_recognised_under_any_name(tmp_path: Path, link: str) -> None:
    """The destination must not be the source, by whatever path it is reached."""
    source = tmp_path / "in" / "a.jpg"
    source.parent.mkdir()
    source.write_bytes(b"original")
    destination = {"same": source, "folder": tmp_path / "alias" / "a.jpg"}.get(link, tmp_path / "b.jpg")
    if link == "hard":
        os.link(source, destination)
    elif link == "symbolic":
        destination.symlink_to(source)
    elif link == "folder":
        destination.parent.symlink_to(source.parent)
    with pytest.raises(Refused) as caught:
        published(destination, source=source)
    assert caught.value.problem.code is ProblemCode.OUTPUT_IS_SOURCE
    assert source.read_bytes() == b"original"


@pytest.fixture(params=["link", "kernel rename", "reservation"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the three ways to a name that must be free."""

    def refuse(code: int):
        def call(*_: object) -> None:
            raise OSError(code, "not on this file system")

        return call

    if request.param != "link":
        monkeypatch.setattr(os, "link", refuse(errno.EPERM))
    if request.param == "reservation":
        monkeypatch.setattr(output, "_rename_exclusively", refuse(errno.EINVAL))
    elif request.param == "kernel rename" and sys.platform not in {"linux", "darwin"}:
        pytest.skip("no such call here")
    return request.param


def test_a_name_taken_meanwhile_wins(tmp_path: Path, way: str) -> None:
    """A file that appears between the check and the commit is not overwritten, on any file system."""
    with Candidate(tmp_path / "a.jpg") as candidate:
        candidate.write(DATA)
        (tmp_path / "a.jpg").write_bytes(b"faster")
        with pytest.raises(Refused) as caught:
            candidate.commit()
    assert caught.value.problem.code is ProblemCode.OUTPUT_EXISTS
    assert (tmp_path / "a.jpg").read_bytes() == b"faster"
    assert names(tmp_path) == ["a.jpg"]


def test_every_way_to_a_name_works(tmp_path: Path, way: str) -> None:
    """With hard links, by the kernel's exclusive rename, and by a reservation the file arrives."""
    published(tmp_path / "a.jpg")
    assert names(tmp_path) == ["a.jpg"]
    assert (tmp_path / "a.jpg").read_bytes() == DATA


def test_of_many_writers_one_wins(tmp_path: Path, way: str) -> None:
    """Writers that race for one name: one file, whole, and a named refusal for the others."""
    outcomes: list[object] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        try:
            with Candidate(tmp_path / "a.jpg") as candidate:
                candidate.write(bytes([number]) * 50_000)
                start.wait()
                candidate.commit()
            outcomes.append(number)
        except PhotoguardError as error:
            outcomes.append(error.problem.code)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = (outcome for outcome in outcomes if isinstance(outcome, int))
    assert outcomes.count(ProblemCode.OUTPUT_EXISTS) == 7
    assert (tmp_path / "a.jpg").read_bytes() == bytes([winner]) * 50_000
    assert names(tmp_path) == ["a.jpg"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, ProblemCode.DISK_FULL),
        (errno.EDQUOT, ProblemCode.DISK_FULL),
        (errno.EROFS, ProblemCode.OUTPUT_NOT_WRITABLE),
        (errno.EACCES, ProblemCode.OUTPUT_NOT_WRITABLE),
        (errno.ENAMETOOLONG, ProblemCode.OUTPUT_NOT_WRITABLE),
        (errno.EIO, ProblemCode.OUTPUT_NOT_WRITABLE),
    ],
)
@pytest.mark.parametrize("call", ["open", "fsync", "link"])
def test_every_no_of_the_disk_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: ProblemCode, call: str
) -> None:
    """Errors of creating, writing and naming become one code each, and nothing is left behind."""

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, refuse)
    if call == "link":  # so that the fallback does not rescue it
        monkeypatch.setattr(output, "_rename_exclusively", refuse)
    with pytest.raises(Failed) as caught:
        published(tmp_path / "a.jpg")
    assert caught.value.problem.code is expected
    monkeypatch.undo()
    assert names(tmp_path) == []


def test_a_file_in_place_of_a_folder_is_not_writable(tmp_path: Path) -> None:
    """A destination below a file is a place that cannot be written."""
    (tmp_path / "file").write_bytes(b"x")
    for destination in (tmp_path / "file" / "a.jpg", tmp_path / "file" / "deeper" / "a.jpg"):
        with pytest.raises(Failed) as caught:
            published(destination)
        assert caught.value.problem.code is ProblemCode.OUTPUT_NOT_WRITABLE


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EACCES, errno.EPERM])
def test_a_passing_lock_is_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """A lock that two tries meet and the third does not costs two short pauses and no file."""
    real, tries, pauses = os.open, [], []

    def locked(path: object, *rest: object) -> int:
        if str(path).endswith(".tmp"):
            tries.append(path)
            if len(tries) <= 2:
                raise OSError(code, "locked")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", locked)
    monkeypatch.setattr(time, "sleep", pauses.append)
    published(tmp_path / "a.jpg")
    assert pauses == [0.02, 0.05]
    assert (tmp_path / "a.jpg").read_bytes() == DATA


def mounted(tmp_path: Path, options: str) -> Iterator[Path]:
    place = tmp_path / "mounted"
    place.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("cannot mount a small file system here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path, "size=64k")


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path, "ro")


def test_a_full_disk_is_named_and_stays_as_it_was(small_disk: Path) -> None:
    """On a file system that is too small the failure says so, and takes its bytes back."""
    published(small_disk / "fits.jpg", b"x" * 30_000)
    with pytest.raises(Failed) as caught:
        published(small_disk / "big.jpg", b"x" * 100_000)
    assert caught.value.problem.code is ProblemCode.DISK_FULL
    assert names(small_disk) == ["fits.jpg"]
    published(small_disk / "again.jpg", b"x" * 20_000)


def test_a_read_only_disk_is_named(read_only_disk: Path) -> None:
    """A file system mounted read-only refuses even root, by its code."""
    with pytest.raises(Failed) as caught:
        published(read_only_disk / "a.jpg")
    assert caught.value.problem.code is ProblemCode.OUTPUT_NOT_WRITABLE


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    """A folder without write permission is a place that cannot be written."""
    tmp_path.chmod(0o500)
    with pytest.raises(Failed) as caught:
        published(tmp_path / "a.jpg")
    tmp_path.chmod(0o700)
    assert caught.value.problem.code is ProblemCode.OUTPUT_NOT_WRITABLE


KILLED = """
import os, signal, sys
from pathlib import Path
from photoguard.output import Candidate

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

moment, destination = sys.argv[1], Path(sys.argv[2])
link = os.link
if moment == "writing":
    os.fsync = die
elif moment == "naming":
    os.link = die
elif moment == "named":
    os.link = lambda *paths: (link(*paths), die())
with Candidate(destination) as candidate:
    candidate.write(b"proven bytes" * 1000)
    candidate.commit()
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("moment", "arrives"), [("writing", False), ("naming", False), ("named", True)])
def test_a_kill_leaves_a_whole_file_or_none(tmp_path: Path, moment: str, *, arrives: bool) -> None:
    """Killed at any moment: nothing under the final name or all of it; the rest is swept."""
    destination = tmp_path / "a.jpg"
    environment = os.environ | {"PYTHONPATH": str(Path(output.__file__).parents[1])}
    run = subprocess.run(
        [sys.executable, "-c", KILLED, moment, destination], env=environment, check=False, capture_output=True
    )
    assert run.returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 1 + arrives
    assert destination.exists() is arrives
    if arrives:
        assert destination.read_bytes() == DATA
    assert sweep(tmp_path) == 1
    assert names(tmp_path) == (["a.jpg"] if arrives else [])


def test_sweeping_spares_what_is_not_stale(tmp_path: Path) -> None:
    """Files of running processes, other people's files and fresh files of other machines stay."""
    machine = output._machine()
    here = os.getpid()
    kept = [
        "photo.jpg",
        ".photoguard-notes.tmp",
        f".photoguard-{machine}-{here}-0123abcd.tmp.jpg",
        f".photoguard-{machine}-{here}-0123abcd.tmp",
        ".photoguard-ffffffff-1-0123abcd.tmp",
    ]
    stale = [f".photoguard-{machine}-{2**22 + 5}-0123abcd.tmp", ".photoguard-fffffffe-1-0123abcd.tmp"]
    for name in kept + stale:
        (tmp_path / name).write_bytes(b"x")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / stale[1], (long_ago, long_ago))
    assert sweep(tmp_path) == 2
    assert names(tmp_path) == sorted(kept)
    assert sweep(tmp_path / "absent") == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_reused_process_number_does_not_protect_an_old_file(tmp_path: Path) -> None:
    """A temporary file older than the process with its number belongs to a dead one."""
    old = tmp_path / f".photoguard-{output._machine()}-{os.getpid()}-0123abcd.tmp"
    old.write_bytes(b"x")
    began = output._started(os.getpid())
    assert began is not None
    assert 0 <= time.time() - began < 24 * 3600
    os.utime(old, (began - 60, began - 60))
    assert sweep(tmp_path) == 1


def test_times_and_permissions_are_new_unless_asked(tmp_path: Path) -> None:
    """The copy has its own times and the umask's permissions; with ``keep_times`` the source's times."""
    source = tmp_path / "source.jpg"
    source.write_bytes(b"original")
    source.chmod(0o600)
    os.utime(source, ns=(10**18, 10**18 + 123_000))
    fresh = published(tmp_path / "fresh.jpg", source=source).stat()
    assert time.time() - fresh.st_mtime < 3600
    kept = published(tmp_path / "kept.jpg", source=source, keep_times=True).stat()
    assert kept.st_mtime_ns == 10**18 + 123_000
    if os.name != "nt":
        mask = os.umask(0)
        os.umask(mask)
        assert fresh.st_mode & 0o777 == 0o666 & ~mask
    assert source.stat().st_mtime_ns == 10**18 + 123_000


def test_free_names_count_up(tmp_path: Path) -> None:
    """A free name is kept; a taken one gets the first number that is free, also by the caller's list."""
    path = tmp_path / "a b.jpg"
    assert free_name(path) == path
    path.write_bytes(b"x")
    (tmp_path / "a b-1.jpg").symlink_to(tmp_path / "nowhere")
    assert free_name(path) == tmp_path / "a b-2.jpg"
    planned = {path, tmp_path / "a b-1.jpg", tmp_path / "a b-2.jpg"}
    assert free_name(path, planned.__contains__) == tmp_path / "a b-3.jpg"


def test_long_names_stay_within_what_a_disk_takes(tmp_path: Path) -> None:
    """A numbered name is shortened to 255 bytes, at whole letters."""
    path = tmp_path / ("사" * 83 + ".jpg")
    path.write_bytes(b"x")
    free = free_name(path)
    assert free.name.endswith("사-1.jpg")
    assert len(os.fsencode(free.name)) <= 255
    published(free)
