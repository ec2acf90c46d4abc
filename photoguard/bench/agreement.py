"""Whether verdicts agree with recognisers that had no say in them.

    python -m photoguard.bench.agreement ORIGINALS COPIES --models DIR --took-part NAME[,NAME] [--times 1,1.5,2.2]

COPIES holds protected copies under the names of their originals. Every face gets the verdict that a report of protecting
shows: from the surrogates in DIR that took no part and from dlib, in the file and after posting. Then the evaluators in DIR,
which are never asked for a verdict, look at the same pictures. ``--times`` looks at every change also so many times as strong:
verdicts must hold for weaker and stronger cloaks than today's. Prints one row per face, the rank correlation between the
verdicts' number and theirs, and a table of verdicts against what they see.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoguard.bench.judging import Judges, judges_in
from photoguard.domain import FaceChoice, Judgement, Platform, Verdict
from photoguard.encoders import BUILT_IN, load
from photoguard.encoders.judges import independent
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.errors import PhotoguardError
from photoguard.faces import best_detector, find_faces
from photoguard.pixels import decode
from photoguard.proof.faces import measured
from photoguard.proof.judging import judged
from photoguard.proof.scale import scale_of

Pixels = npt.NDArray[np.uint8]
REASSURING = frozenset({Verdict.UNLIKE, Verdict.HARDER})
"""Verdicts that say a recogniser no longer knows the person, surely or perhaps."""


@dataclass(frozen=True)
class Compared:
    """One face, judged twice."""

    name: str
    judgement: Judgement
    by_others: float
    """0..100: the highest likeness that an evaluator sees."""
    is_known: bool
    """Whether any evaluator is above the cosine that one of a thousand pairs of strangers passes."""


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's: -1..1, equal values sharing their mean rank; 0 where one of them does not vary."""
    first, second = (_ranks(np.asarray(values, np.float64)) for values in (one, other))
    if len(first) < 2 or not first.std() or not second.std():
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[places]


def wrongly_reassuring(compared: Sequence[Compared]) -> float:
    """Share of all faces that are said to be hardly known any more and still are."""
    wrong = sum(one.is_known and one.judgement.verdict in REASSURING for one in compared)
    return wrong / max(1, len(compared))


def table(compared: Sequence[Compared]) -> str:
    """Verdicts against what the evaluators see, as Markdown."""
    lines = ["| verdict | still known to an evaluator | known to none |", "| --- | --- | --- |"]
    for verdict in Verdict:
        of_it = [one for one in compared if one.judgement.verdict is verdict]
        known = sum(one.is_known for one in of_it)
        lines.append(f"| {verdict} | {known} | {len(of_it) - known} |")
    return "\n".join(lines)


def scaled(before: Pixels, after: Pixels, times: float) -> Pixels:
    """``before`` with ``times`` the change that ``after`` has; both of one size."""
    change = after.astype(np.float64) - before
    made: Pixels = np.clip(before + times * change, 0, 255).round().astype(np.uint8)
    return made


def compare(
    original: Path,
    copy: Path,
    times: float,
    took_part: Sequence[IdentityEncoder],
    judges: Sequence[IdentityEncoder],
    others: Judges,
) -> list[Compared]:
    """Every face of one pair; landmarks are those of the original."""
    before, written = decode(original.read_bytes()), decode(copy.read_bytes())
    after = scaled(before.pixels, written.pixels, times)
    found = []
    for number, face in enumerate(find_faces(before, FaceChoice.ALL, best_detector()), start=1):
        if face.box.width < 40:
            continue
        everybody = (*took_part, *judges, *others.encoders)
        similarity = measured(before.pixels, after, face, everybody, Platform.ANY).similarity
        seen = {one.name: max(similarity[one.name].values()) for one in others.encoders}
        found.append(
            Compared(
                f"{original.stem} {number} x{times:g}",
                judged({one.name: similarity[one.name] for one in (*took_part, *judges)}, took_part, judges),
                max(scale_of(one).likeness(seen[one.name]) for one in others.encoders),
                any(seen[name] > others.thresholds[name] for name in seen),
            )
        )
    return found


def main() -> None:
    """Read the arguments, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("originals", type=Path)
    parser.add_argument("copies", type=Path)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--took-part", default=",".join(BUILT_IN))
    parser.add_argument("--times", default="1")
    asked = parser.parse_args()
    names = asked.took_part.split(",")
    took_part = load(names)
    others = judges_in(asked.models)
    judges = [one for one in independent(names) if one.name not in others.names]
    compared: list[Compared] = []
    print("took part:", *names, "- judges:", *(one.name for one in judges), "- evaluators:", *others.names)
    for copy in sorted(asked.copies.iterdir()):
        original = next(asked.originals.glob(f"{copy.stem}.*"), None)
        if original is None:
            continue
        try:
            of_pair = [
                face
                for times in asked.times.split(",")
                for face in compare(original, copy, float(times), took_part, judges, others)
            ]
        except PhotoguardError as error:
            print(copy.name, error.problem.code)
            continue
        for one in of_pair:
            number = one.judgement.likeness
            shown = "-" if number is None else f"{number:.0f}"
            print(
                f"{one.name}: {one.judgement.verdict} {shown} / {one.by_others:.0f} {'known' if one.is_known else ''}"
            )
        compared += of_pair
    numbered = [one for one in compared if one.judgement.likeness is not None]
    ranks = rank_correlation([one.judgement.likeness or 0 for one in numbered], [one.by_others for one in numbered])
    print(f"\n{len(compared)} faces; rank correlation {ranks:.2f} over {len(numbered)} with a number")
    print(f"wrongly reassuring: {100 * wrongly_reassuring(compared):.1f} %\n\n{table(compared)}")


if __name__ == "__main__":
    main()
