"""Writes what a benchmark of the shield found: JSON with every row, and a Markdown table of medians."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from photoguard import __version__
from photoguard.bench.shielding import Row, Terms
from photoguard.latents import Latents

JSON, TABLE = "shield.json", "shield.md"


def write(rows: Sequence[Row], terms: Terms, latents: Latents, out: Path) -> tuple[Path, Path]:
    """The two files, replacing those of an earlier look at the same folder."""
    from torch import get_num_threads

    out.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.machine(), "python": platform.python_version(), "threads": get_num_threads()}
    encoders = {one.name: one in latents.taking_part for one in latents.encoders}
    whole = {
        "photoguard": __version__,
        "terms": asdict(terms),
        "machine": machine,
        "took_part": encoders,
        "rows": [asdict(row) for row in rows],
    }
    written = out / JSON, out / TABLE
    written[0].write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    written[1].write_text(markdown(rows, encoders), encoding="utf-8")
    return written


def markdown(rows: Sequence[Row], encoders: dict[str, bool]) -> str:
    """Medians over photos for each method, budget and platform; ``encoders``: name -> whether it was attacked."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.strength or "", row.platform, row.method), []).append(row)
    columns: dict[str, Callable[[list[Row]], str]] = {
        "strength": lambda of: of[0].strength or "-",
        "after posting to": lambda of: of[0].platform,
        "method": lambda of: of[0].method,
        "SSIMULACRA2": lambda of: _median([row.ssimulacra2 for row in of], 1),
    }
    for name, took_part in encoders.items():
        heading = f"{name} ({'attacked' if took_part else 'not attacked'})"
        if any("decode_psnr" in row.whole[name] for row in rows):
            columns[f"{heading}: dB"] = lambda of, name=name: _figure(of, name, "decode_psnr", 1)  # type: ignore[misc]
        columns[f"{heading}: shift"] = lambda of, name=name: _figure(of, name, "shift", 2)  # type: ignore[misc]
    columns["s"] = lambda of: _median([row.seconds for row in of], 0)
    columns["photos"] = lambda of: str(len(of))
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(cell(of) for cell in columns.values()) + " |" for of in groups.values()]
    return "\n".join([*lines, "", _LEGEND, ""])


_LEGEND = (
    "Medians over photos; whole photo, in brackets the part around the largest face. dB: PSNR between what a decoder shows of the "
    "original's latent and of the posted photo's, lower is stronger. Shift: the latent's change over its size. SSIMULACRA2: "
    "of the whole photo before posting; the attack is weakened until it equals ours."
)


def _figure(rows: Sequence[Row], encoder: str, name: str, digits: int) -> str:
    whole, face = (
        _median([part[encoder].get(name) for part in parts], digits)
        for parts in ([row.whole for row in rows], [row.face for row in rows])
    )
    return f"{whole} ({face})"


def _median(values: Sequence[float | None], digits: int) -> str:
    known = [value for value in values if value is not None]
    return f"{statistics.median(known):.{digits}f}" if known else "-"
