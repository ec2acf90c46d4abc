"""A benchmark's figures as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from photoguard.bench.summary import UNPROTECTED, Estimate, Figures, Spread

_NOTHING = "-"


def markdown(table: Sequence[Figures], evaluators: Sequence[str], surrogates: Sequence[str]) -> str:
    """Protection and visibility; each evaluator; the surrogates themselves; where the time goes."""
    main: Mapping[str, Callable[[Figures], str]] = {
        "method": lambda one: one.method,
        "strength": lambda one: one.strength or _NOTHING,
        "pairs below threshold": lambda one: _estimate(one.evaluators.below),
        "cosine, own photo": lambda one: _estimate(one.evaluators.own),
        "cosine, other photo": lambda one: _estimate(one.evaluators.others),
        "album mean": lambda one: _estimate(one.evaluators.album),
        "SSIMULACRA2": lambda one: _spread(one.visibility.get("ssimulacra2"), 1),
        "butteraugli": lambda one: _spread(one.visibility.get("butteraugli"), 2),
        "of libjxl": lambda one: _spread(one.visibility.get("butteraugli_main"), 2),
        "PSNR": lambda one: _median(one.visibility.get("psnr"), 1),
        "SSIM": lambda one: _median(one.visibility.get("ssim"), 3),
        "DSSIM": lambda one: _median(one.visibility.get("dssim"), 4),
        "s/face": lambda one: _spread(one.seconds, 1),
        "time, ratio": lambda one: _spread(one.time_ratio, 2),
        "s/photo": lambda one: _median(one.seconds_whole, 1),
        "peak MB": lambda one: f"{one.peak_mb:.0f}" if one.peak_mb else _NOTHING,
        "photos": lambda one: str(one.photos),
        "given up": lambda one: str(sum(one.given_up.values())),
    }
    parts = [_table(main, table), "", _counts(table[0])]
    parts += ["", "Each evaluator: share of pairs below its threshold; cosine to the own photo.", ""]
    parts.append(_table({**_heads(), **_columns(evaluators, with_share=True)}, table))
    parts += ["", "The surrogates themselves (white box): cosine to the own photo, after posting.", ""]
    parts.append(_table({**_heads(), **_columns(surrogates, with_share=False)}, table))
    stages = list(dict.fromkeys(stage for one in table for stage in one.stages))
    parts += ["", "Share of the time.", "", _table({**_heads(), **_shares(stages)}, table[1:])]
    return "\n".join(parts) + "\n"


def _heads() -> dict[str, Callable[[Figures], str]]:
    return {"method": lambda one: one.method, "strength": lambda one: one.strength or _NOTHING}


def _columns(names: Sequence[str], *, with_share: bool) -> dict[str, Callable[[Figures], str]]:
    def column(name: str) -> Callable[[Figures], str]:
        def cell(one: Figures) -> str:
            seen = one.by_recogniser[name]
            share = f"{seen.below.mean:.2f}; " if with_share and seen.below else ""
            return f"{share}{seen.own.mean:.2f}"

        return cell

    return {name: column(name) for name in names}


def _shares(stages: Sequence[str]) -> dict[str, Callable[[Figures], str]]:
    def column(stage: str) -> Callable[[Figures], str]:
        return lambda one: f"{100 * one.stages[stage]:.0f} %" if stage in one.stages else _NOTHING

    return {stage: column(stage) for stage in stages}


def _counts(unprotected: Figures) -> str:
    return (
        f"{unprotected.photos} photos and {unprotected.pairs} pairs of {unprotected.people} people, "
        f"{unprotected.albums} albums of four photos or more. Means with 95 % intervals (bootstrap over people); "
        f"medians with quartiles. `{UNPROTECTED}` photos went through the same platform."
    )


def _table(columns: Mapping[str, Callable[[Figures], str]], rows: Sequence[Figures]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(cell(row) for cell in columns.values()) + " |" for row in rows]
    return "\n".join(lines)


def _estimate(value: Estimate | None) -> str:
    return _NOTHING if value is None else f"{value.mean:.2f} ({value.low:.2f}..{value.high:.2f})"


def _spread(value: Spread | None, digits: int) -> str:
    if value is None:
        return _NOTHING
    low, middle, high = (f"{x:.{digits}f}" for x in (value.quartile, value.median, value.third_quartile))
    return f"{middle} ({low}..{high})"


def _median(value: Spread | None, digits: int) -> str:
    return _NOTHING if value is None else f"{value.median:.{digits}f}"
