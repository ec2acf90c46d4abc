"""Says of one face what its figures bear out, and nothing that would flatter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from photoguard.domain import Judgement, Verdict
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.proof.scale import scale_of

UNLIKE_BELOW = 25.0
"""Less alike than the likest of a hundred strangers. The usual border (one of a thousand, 50) would be too near: recognisers
tell East-Asian strangers apart worse (calibration.toml), nobody can see from a file whom it shows, and nobody should try; so
everybody gets the wide margin."""
HARDER_BELOW = 50.0
HINDERED_BELOW = 75.0

Similarity = Mapping[str, Mapping[str, float]]
"""encoder -> view -> cosine to the person's own photo."""


def judged(
    similarity: Similarity, took_part: Sequence[IdentityEncoder], judges: Sequence[IdentityEncoder]
) -> Judgement:
    """The verdict over all views in ``similarity``, which holds figures of encoders of both kinds.

    Those that took part may make a verdict worse, never better.
    """
    independent = _highest(similarity, judges)
    taking_part = _highest(similarity, took_part)
    names = tuple(encoder.name for encoder in judges), tuple(encoder.name for encoder in took_part)
    is_assumed = any(scale_of(encoder).is_assumed for encoder in judges)
    if independent is None:
        if taking_part is not None and taking_part[0] >= HINDERED_BELOW:
            return Judgement(Verdict.RECOGNISABLE, taking_part[0], *names, worst=taking_part[1])
        return Judgement(Verdict.UNCHECKED, None, *names)
    likeness, worst = max(independent, taking_part or independent)
    return Judgement(_verdict(likeness), likeness, *names, worst=worst, is_assumed=is_assumed)


def _verdict(likeness: float) -> Verdict:
    if likeness < UNLIKE_BELOW:
        return Verdict.UNLIKE
    if likeness < HARDER_BELOW:
        return Verdict.HARDER
    return Verdict.HINDERED if likeness < HINDERED_BELOW else Verdict.RECOGNISABLE


def _highest(similarity: Similarity, encoders: Iterable[IdentityEncoder]) -> tuple[float, str] | None:
    """The highest likeness among ``encoders``, rounded to a tenth, and its view."""
    found = [
        (round(scale_of(encoder).likeness(cosine), 1), view)
        for encoder in encoders
        for view, cosine in similarity.get(encoder.name, {}).items()
    ]
    return max(found, default=None)
