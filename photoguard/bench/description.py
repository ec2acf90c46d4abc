"""Everything that decides the outcome of a benchmark, in one frozen value."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from photoguard.domain import FaceChoice, Options, Platform, Strength


@dataclass(frozen=True)
class Description:
    """One benchmark."""

    photos: str
    surrogates: tuple[str, ...]
    """Encoders that the methods may use."""
    evaluators: tuple[str, ...]
    """Recognisers that judge, and take part in nothing."""
    methods: tuple[str, ...]
    strengths: tuple[Strength, ...]
    platform: Platform = Platform.ANY
    limit: int | None = None
    per_person: int = 4
    seed: int = 0

    def options(self, strength: Strength) -> Options:
        """What a user would ask for; only the largest face of a photo, since a person's photo is about that one."""
        return Options(
            strength=strength,
            platform=self.platform,
            models=self.surrogates,
            faces=FaceChoice.LARGEST,
            seed=self.seed,
        )

    def key(self, sources: Sequence[str]) -> str:
        """Short name of what a record depends on besides photo, method and strength.

        The code in ``sources`` (files and folders of the package) takes part, so that a resumed run never mixes the
        results of two engines.
        """
        parts = (self.surrogates, self.evaluators, self.platform, self.seed, fingerprint(tuple(sources)))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@lru_cache
def fingerprint(sources: tuple[str, ...]) -> str:
    """Short hash of that part of the package's code."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for source in sources:
        place = package / source
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
