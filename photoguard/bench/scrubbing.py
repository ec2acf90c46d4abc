"""Measures cleaning without cloaking: bytes a second, files a second beside exiftool, memory."""

from __future__ import annotations

import hashlib
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from photoguard.bench.holding import Held, held_of_decoded, held_of_rewritten
from photoguard.containers import Rewritten, inventory, rewrite
from photoguard.domain import OutcomeKind
from photoguard.pipeline import scrub
from photoguard.proof.residue import residue
from photoguard.proof.same_picture import same_picture

_ROUNDS = 3
_MOST_IN_MEMORY = 256 * 2**20


@dataclass(frozen=True)
class Measured:
    """What one run measured: speed in memory by processor time, times with the disk by the clock on the wall."""

    files: int
    megabytes: float
    jpeg_megabytes_per_second: float | None
    """Inventory, rewriting, judging, comparing and hashing, without the disk; None without a JPEG."""
    copies_in_that_time: float | None
    """How many plain copies of the same files, read and written, fit into that time."""
    scrub_ms_per_file: float
    """Everything, with the disk and its fsync; the median of the files."""
    scrubbed: int
    """How many of the files came out clean."""
    exiftool_ms_per_file: float | None
    """``exiftool -all=``, one call for each file, the median; None where it is not installed."""
    times_exiftool: float | None
    """How many times as long exiftool took for the same file; the median of the files."""
    held_of_rewritten: Held | None
    """The largest file whose coded picture is kept, in multiples of its size; below a megabyte that means little."""
    held_of_decoded: Held | None
    """The photo of most pixels among those that are decoded and encoded afresh, in multiples of its pixels."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(photos: Sequence[Path], exiftool_files: int = 50, check: Callable[[], None] = lambda: None) -> Measured:
    """Clean ``photos`` into a folder that is removed afterwards; ``check`` may raise ``Cancelled``."""
    with tempfile.TemporaryDirectory(prefix="photoguard-bench-") as name:
        folder = Path(name)
        program = shutil.which("exiftool")
        times, theirs, clean = [], [], 0
        for number, photo in enumerate(photos):
            check()
            started = time.perf_counter()
            outcome = scrub(photo, folder / "scrub" / f"{number}{photo.suffix}")
            times.append(time.perf_counter() - started)
            clean += outcome.kind is OutcomeKind.SCRUBBED
            # file by file in turn: whatever else the computer does meets both alike
            if program is not None and number < exiftool_files:
                theirs.append(_exiftool(program, photo, folder / f"exiftool-{number}{photo.suffix}"))
        speed, copies = _in_memory(photos, folder, check)
        own = statistics.median(times)
        ratio = statistics.median(one / ours for one, ours in zip(theirs, times, strict=False)) if theirs else None
        return Measured(
            len(photos),
            round(sum(photo.stat().st_size for photo in photos) / 1e6, 1),
            speed,
            copies,
            round(1000 * own, 2),
            clean,
            round(1000 * statistics.median(theirs), 1) if theirs else None,
            round(ratio, 1) if ratio is not None else None,
            held_of_rewritten(photos, folder),
            held_of_decoded(photos, folder),
        )


def _in_memory(photos: Sequence[Path], folder: Path, check: Callable[[], None]) -> tuple[float | None, float | None]:
    held: list[tuple[Path, bytes]] = []
    size = 0
    for photo in photos:
        data = photo.read_bytes()
        if data[:2] == b"\xff\xd8" and size + len(data) <= _MOST_IN_MEMORY and isinstance(rewrite(data), Rewritten):
            held.append((photo, data))
            size += len(data)
    if not held:
        return None, None
    best = copying = float("inf")
    for _ in range(_ROUNDS):
        check()
        started = time.process_time()
        for _, data in held:
            _clean(data)
        best = min(best, time.process_time() - started)
        started = time.process_time()
        for photo, _ in held:
            shutil.copyfile(photo, folder / "copy")
        copying = min(copying, time.process_time() - started)
    return round(size / best / 1e6, 1), round(best / copying, 1)


def _clean(data: bytes) -> None:
    """All that :func:`photoguard.pipeline.scrub` does to a JPEG but for the disk."""
    inventory(data)
    written = rewrite(data)
    assert isinstance(written, Rewritten)
    hashlib.sha256(written.data).hexdigest()
    assert not residue(written.data, allow_orientation=True)
    assert same_picture(data, written.data)
    inventory(written.data)


def _exiftool(program: str, photo: Path, copy: Path) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    subprocess.run([program, "-q", "-all=", "-o", str(copy), str(photo)], capture_output=True, check=False)  # noqa: S603
    seconds = time.perf_counter() - started
    copy.unlink(missing_ok=True)
    return seconds
