"""Writes what a benchmark found: JSON, a Markdown table, a plot."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from photoguard import __version__
from photoguard.bench.description import Description
from photoguard.bench.plot import draw
from photoguard.bench.summary import Figures
from photoguard.bench.table import markdown

JSON, TABLE, PLOT = "summary.json", "table.md", "protection-over-visibility.png"


def write(description: Description, table: Sequence[Figures], out: Path) -> list[Path]:
    """The files written, replacing those of an earlier look at the same folder; no plot without matplotlib."""
    from torch import get_num_threads

    out.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.machine(), "python": platform.python_version(), "threads": get_num_threads()}
    whole = {
        "photoguard": __version__,
        "run": {**asdict(description), "photos": Path(description.photos).name},
        "machine": machine,
        "figures": [asdict(one) for one in table],
    }
    written = [out / JSON, out / TABLE]
    written[0].write_text(json.dumps(whole, indent=1, default=str) + "\n", encoding="utf-8")
    written[1].write_text(markdown(table, description.evaluators, description.surrogates), encoding="utf-8")
    try:
        draw(table, out / PLOT)
    except ImportError:
        return written
    return [*written, out / PLOT]
