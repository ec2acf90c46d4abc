"""Measures how much memory the cleaning of one photo takes beyond what the program itself needs."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from photoguard.bench.memory import forget_peak, peak_mb
from photoguard.containers import Rewritten, inventory, rewrite
from photoguard.errors import PhotoguardError
from photoguard.pipeline import scrub

_BYTES_A_PIXEL = 3


@dataclass(frozen=True)
class Held:
    """Most memory that was held while one photo was cleaned."""

    megabytes: float
    """Of the file, or of its pixels at three bytes each."""
    times: float | None
    """That much, beyond what was held before; None where the system does not tell."""


def held_of_rewritten(photos: Sequence[Path], folder: Path) -> Held | None:
    """Of the largest file whose coded picture is kept bit for bit, against its size; None without any."""
    for photo in sorted(photos, key=lambda one: one.stat().st_size, reverse=True):
        if isinstance(_rewritten(photo), Rewritten):
            return _held(photo, folder, photo.stat().st_size)
    return None


def held_of_decoded(photos: Sequence[Path], folder: Path) -> Held | None:
    """Of the photo of most pixels among those that are decoded and encoded afresh, against its pixels; None without any."""
    sizes: dict[Path, int] = {}
    for photo in photos:
        found = _rewritten(photo)
        if found is None or isinstance(found, Rewritten):
            continue
        listed = inventory(photo.read_bytes())
        sizes[photo] = (listed.width or 0) * (listed.height or 0) * _BYTES_A_PIXEL
    largest = max(sizes, key=lambda one: sizes[one], default=None)
    return None if largest is None or not sizes[largest] else _held(largest, folder, sizes[largest])


def _rewritten(photo: Path) -> object:
    try:
        return rewrite(photo.read_bytes())
    except PhotoguardError:
        return None


def _held(photo: Path, folder: Path, size: int) -> Held:
    # a process of its own: memory that earlier photos have left behind would be taken again unseen
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        peak = pool.submit(_peak, photo, folder / "held" / photo.name).result()
    return Held(round(size / 1e6, 2), None if peak is None else round(peak * 1e6 / size, 2))


def _peak(photo: Path, copy: Path) -> float | None:
    import photoguard.pixels  # noqa: F401 - decoders belong to what is held before

    forget_peak()
    before = peak_mb()
    scrub(photo, copy)
    after = peak_mb()
    return None if before is None or after is None else after - before
