"""What a benchmark found: figures for each method and strength, with their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoguard.bench.running import Measured
from photoguard.bench.store import Record
from photoguard.domain import Strength

UNPROTECTED = "unprotected"
LEAST_ALBUM = 4
"""Photos of one person from which on a mean embedding is looked at."""
_DRAWS = 2000

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean with the 95 % interval of a bootstrap over people (Efron 1979): their photos come or go together."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """Of one quantity over photos."""

    quartile: float
    median: float
    third_quartile: float


@dataclass(frozen=True)
class Likeness:
    """What one recogniser, or the mean of several, still sees of the people after posting."""

    own: Estimate
    """Cosine to the embedding of the person's same photo, clean."""
    others: Estimate
    """Cosine to the person's other clean photos."""
    below: Estimate | None
    """Share of these pairs below the recogniser's threshold; None where it has none."""
    album: Estimate | None
    """Cosine of mean embeddings, protected and clean, of people with at least four photos; None without such people."""


@dataclass(frozen=True)
class Figures:
    """One method at one strength."""

    method: str
    strength: Strength | None
    """None for the unprotected photos."""
    photos: int
    pairs: int
    people: int
    albums: int
    given_up: Mapping[str, int]
    """Problem -> photos that the method left unprotected; they count as such."""
    evaluators: Likeness
    by_recogniser: Mapping[str, Likeness]
    visibility: Mapping[str, Spread]
    seconds: Spread | None
    """For the change itself, for each face."""
    seconds_whole: Spread | None
    """From reading to the checked file."""
    time_ratio: Spread | None
    """Seconds for the change over those of the run's first method on the same photo: what a busy machine leaves true."""
    stages: Mapping[str, float]
    """Stage -> share of the time of all photos."""
    peak_mb: float | None


def summarised(
    measured: Measured, evaluators: Sequence[str], surrogates: Sequence[str], thresholds: Mapping[str, float]
) -> list[Figures]:
    """Figures of the unprotected photos first, then of each method and strength in the order of the run."""
    if not measured.protected:
        return []
    first = next(iter(measured.protected.values()))
    photos = [record["photo"] for record in first]
    untouched = [{"photo": photo, "vectors": measured.clean[photo]["posted"]} for photo in photos]
    people = (evaluators, surrogates, thresholds)
    table = [_figures(UNPROTECTED, None, untouched, [], measured, *people)]
    first_method = next(iter(measured.protected))[0]
    return table + [
        _figures(method, strength, records, measured.protected[first_method, strength], measured, *people)
        for (method, strength), records in measured.protected.items()
    ]


def _figures(
    method: str,
    strength: Strength | None,
    records: Sequence[Record],
    yardstick: Sequence[Record],
    measured: Measured,
    evaluators: Sequence[str],
    surrogates: Sequence[str],
    thresholds: Mapping[str, float],
) -> Figures:
    done = [record for record in records if "vectors" in record]
    seen = {r["photo"]: r.get("vectors") or measured.clean[r["photo"]]["posted"] for r in records}
    looks = {name: _Look(name, seen, measured, thresholds.get(name)) for name in (*evaluators, *surrogates)}
    given_up: dict[str, int] = {}
    for record in records:
        if "problem" in record:
            given_up[record["problem"]] = given_up.get(record["problem"], 0) + 1
    one = looks[evaluators[0]]
    measures = {name for record in done for name in record.get("visibility", {})}
    peaks = [record["peak_mb"] for record in done if record.get("peak_mb")]
    return Figures(
        method,
        strength,
        photos=len(records),
        pairs=int(one.counts.sum()),
        people=len(set(one.people)),
        albums=len(one.album),
        given_up=given_up,
        evaluators=_likeness([looks[name] for name in evaluators]),
        by_recogniser={name: _likeness([look]) for name, look in looks.items()},
        visibility={
            name: _spread([r["visibility"][name] for r in done if name in r["visibility"]]) for name in measures
        },
        seconds=_spread_or_none([record["stages"].get("cloaking", 0.0) for record in done if "stages" in record]),
        seconds_whole=_spread_or_none([record["seconds"] for record in done if "seconds" in record]),
        time_ratio=_spread_or_none(_ratios(done, yardstick)),
        stages=_shares(done),
        peak_mb=max(peaks) if peaks else None,
    )


class _Look:
    """What one recogniser sees, photo by photo."""

    def __init__(
        self, name: str, seen: Mapping[str, Mapping[str, Sequence[float]]], measured: Measured, threshold: float | None
    ) -> None:
        clean = {photo: np.asarray(record["clean"][name]) for photo, record in measured.clean.items()}
        person = {photo: record["person"] for photo, record in measured.clean.items()}
        self.people = [person[photo] for photo in seen]
        self.threshold = threshold
        own, cosines, below, counts = [], [], [], []
        for photo, vectors in seen.items():
            vector = np.asarray(vectors[name])
            own.append(float(vector @ clean[photo]))
            others = [p for p in clean if person[p] == person[photo] and p != photo]
            to_others = np.array([vector @ clean[other] for other in others])
            cosines.append(to_others.sum())
            below.append(float((to_others < threshold).sum()) if threshold is not None else 0.0)
            counts.append(len(others))
        self.own, self.cosines, self.below, self.counts = map(np.array, (own, cosines, below, counts))
        self.album: dict[str, float] = {}
        for one in dict.fromkeys(self.people):
            photos = [photo for photo in seen if person[photo] == one]
            if len(photos) >= LEAST_ALBUM:
                mean = np.mean([np.asarray(seen[photo][name]) for photo in photos], 0)
                true = np.mean([clean[photo] for photo in photos], 0)
                self.album[one] = float(mean @ true / np.linalg.norm(mean) / np.linalg.norm(true))


def _likeness(looks: Sequence[_Look]) -> Likeness:
    """Means over several recognisers' figures."""
    people = looks[0].people
    ones = np.ones(len(people))
    judged = [look for look in looks if look.threshold is not None]
    albums = list(looks[0].album)
    return Likeness(
        own=_estimate(people, np.mean([look.own for look in looks], 0), ones),
        others=_estimate(people, np.mean([look.cosines for look in looks], 0), looks[0].counts),
        below=_estimate(people, np.mean([look.below for look in judged], 0), looks[0].counts) if judged else None,
        album=_estimate(albums, np.mean([[look.album[a] for a in albums] for look in looks], 0), np.ones(len(albums)))
        if albums
        else None,
    )


def _estimate(people: Sequence[str], sums: Values, counts: Values) -> Estimate:
    """The mean, sums over counts, and its spread when people are drawn with replacement."""
    order = sorted(set(people))
    index = np.array([order.index(person) for person in people])
    by_person = np.bincount(index, sums, len(order)), np.bincount(index, counts, len(order))
    chance = np.random.default_rng(0)
    weights = chance.multinomial(len(order), np.full(len(order), 1 / len(order)), _DRAWS)
    tops, bottoms = weights @ by_person[0], weights @ by_person[1]
    means = tops[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.quantile(means, (0.025, 0.975)) if len(means) else (float("nan"),) * 2
    total = counts.sum()
    return Estimate(float(sums.sum() / total) if total else float("nan"), float(low), float(high))


def _spread(values: Sequence[float]) -> Spread:
    return Spread(*(float(x) for x in np.quantile(np.asarray(values), (0.25, 0.5, 0.75))))


def _ratios(records: Sequence[Record], yardstick: Sequence[Record]) -> list[float]:
    first = {record["photo"]: record.get("stages", {}).get("cloaking", 0.0) for record in yardstick}
    return [
        record["stages"]["cloaking"] / first[record["photo"]]
        for record in records
        if "cloaking" in record.get("stages", {}) and first.get(record["photo"])
    ]


def _shares(records: Sequence[Record]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for record in records:
        for stage, spent in record.get("stages", {}).items():
            seconds[stage] = seconds.get(stage, 0.0) + spent
    whole = sum(seconds.values())
    return {stage: spent / whole for stage, spent in seconds.items()} if whole else {}


def _spread_or_none(values: Sequence[float]) -> Spread | None:
    return _spread(values) if values else None
