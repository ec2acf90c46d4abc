"""Whom a method that moves faces towards somebody moves them to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from photoguard.bench.store import Record


def decoy(person: str, clean: Mapping[str, Record], surrogates: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Surrogate -> mean embedding of that person among ``clean`` photos whom the surrogates find least like ``person``.

    The same for all photos of one person. Empty where there is nobody else. This is how published methods choose; the
    product itself moves nobody towards a real person.
    """
    photos: dict[str, list[Record]] = {}
    for record in clean.values():
        photos.setdefault(record["person"], []).append(record)
    means = {one: {name: _mean(of_one, name) for name in surrogates} for one, of_one in photos.items()}
    others = [one for one in sorted(means) if one != person]
    if not others or person not in means:
        return {}
    far = min(others, key=lambda one: sum(float(means[one][name] @ means[person][name]) for name in surrogates))
    return {name: tuple(float(x) for x in vector) for name, vector in means[far].items()}


def _mean(records: Sequence[Record], name: str) -> npt.NDArray[np.float64]:
    mean = np.mean([np.asarray(record["clean"][name]) for record in records], 0)
    unit: npt.NDArray[np.float64] = mean / np.linalg.norm(mean)
    return unit
