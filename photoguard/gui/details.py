"""What a user may copy and send when something did not work: codes, counts and versions; no path, name or pixel."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion

from photoguard import __version__
from photoguard.gui.queue_model import Entry


def details(entry: Entry) -> str:
    """Lines of ``key: value`` about one photo. Facts of problems hold numbers and fixed words only, by their contract."""
    outcome = entry.outcome
    problem = outcome.problem if outcome is not None else entry.problem
    lines = {
        "photoguard": __version__,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "qt": qVersion(),
        "photo": f"{entry.size[0]} x {entry.size[1]}" if entry.size else "unknown",
        "faces": str(len(entry.faces)) if entry.faces is not None else "unknown",
        "findings": ", ".join(sorted({finding.kind for finding in entry.findings})) or "none",
    }
    if entry.options is not None:
        lines["strength"] = entry.options.strength
        lines["platform"] = entry.options.platform
    if outcome is not None:
        lines["outcome"] = outcome.kind
        lines["seconds"] = f"{outcome.seconds:.1f}"
    if problem is not None:
        lines["problem"] = problem.code
        lines |= {f"fact {name}": str(value) for name, value in problem.facts.items()}
    return "\n".join(f"{name}: {value}" for name, value in lines.items())
