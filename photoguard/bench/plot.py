"""Draws protection over visibility, one curve for each method."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from photoguard.bench.summary import UNPROTECTED, Figures

_AXES = (
    ("butteraugli", "butteraugli 3-norm (left: less visible)", False),
    ("ssimulacra2", "SSIMULACRA2 (left: less visible)", True),
)


def draw(table: Sequence[Figures], path: Path) -> None:
    """Write the plot to ``path`` (.png or .svg). Raises ``ImportError`` where matplotlib is not installed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    zero = next(one for one in table if one.method == UNPROTECTED)
    methods = list(dict.fromkeys(one.method for one in table if one.method != UNPROTECTED))
    axes = figure.subplots(1, 2, sharey=True)
    for place, (measure, label, is_reversed) in zip(axes, _AXES, strict=True):
        for method in methods:
            own = [one for one in table if one.method == method and one.evaluators.below and one.visibility]
            own.sort(key=lambda one: one.visibility[measure].median)
            x = [one.visibility[measure].median for one in own]
            below = [one.evaluators.below for one in own if one.evaluators.below]
            y = [one.mean for one in below]
            errors = [[one.mean - one.low for one in below], [one.high - one.mean for one in below]]
            is_ours = method.startswith("photoguard")
            style = {"linewidth": 2.4, "markersize": 7} if is_ours else {"linewidth": 1.4, "markersize": 5}
            place.errorbar(x, y, yerr=errors, marker="o", capsize=3, elinewidth=0.8, label=method, **style)
        if zero.evaluators.below:
            place.axhline(zero.evaluators.below.mean, color="0.5", linestyle="--", linewidth=1, label=UNPROTECTED)
        place.set_xlabel(label)
        place.set_ylim(-0.02, 1.02)
        place.grid(visible=True, alpha=0.3)
        if is_reversed:
            place.invert_xaxis()
    axes[0].set_ylabel("pairs that evaluators no longer match (FAR 0.1 %)")
    axes[0].legend(fontsize="small")
    figure.suptitle(
        f"{zero.photos} photos of {zero.people} people, {zero.pairs} pairs, after posting", fontsize="medium"
    )
    figure.savefig(path, dpi=110)
