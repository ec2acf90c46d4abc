"""Answers "did it work?" for a person's album: tools that swap faces average what they see on many photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.checking import in_colour, matches_in
from photoguard.domain import FaceChoice, Judgement, Progress, ProgressListener, Stage, silent
from photoguard.errors import Problem, ProblemCode, Refused
from photoguard.pipeline import read

if TYPE_CHECKING:
    import torch

    from photoguard.toolbox import Toolbox

_WAYS = ("instagram", "sent_twice")
"""Ways of passing photos on that are averaged besides the files: a usual one and the hardest."""


@dataclass(frozen=True)
class Album:
    """The answer for an album."""

    photos: int
    """Pairs that fit and were averaged."""
    passed_over: tuple[tuple[Path, Problem], ...]
    """Originals whose copies could not be compared, and why."""
    judgement: Judgement | None
    """Of the mean over the copies against the mean over the originals; None where no pair fits."""
    took_part: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()


def compare_albums(pairs: Sequence[tuple[Path, Path]], toolbox: Toolbox, listener: ProgressListener = silent) -> Album:
    """Compare the largest face of every original, averaged, with the same face in the copies, averaged.

    All photos are taken to show one person. ``toolbox.encoders`` are taken to have had part in the change. A pair that does
    not fit is passed over and told. Raises only ``Cancelled``.
    """
    from photoguard.proof.judging import judged

    everybody = (*toolbox.encoders, *toolbox.judges)
    looks: list[dict[str, dict[str, torch.Tensor]]] = []
    passed_over = []
    for original, copy in pairs:
        listener(Progress(Stage.CHECKING))
        try:
            looks.append(_looks(read(original), read(copy), toolbox, listener))
        except Refused as error:
            passed_over.append((original, error.problem))
    similarity: dict[str, dict[str, float]] = {}
    for encoder in everybody if looks else ():
        means = {
            view: sum((one[encoder.name][view] for one in looks[1:]), looks[0][encoder.name][view])
            for view in looks[0][encoder.name]
        }
        own = means.pop("original")
        similarity[encoder.name] = {
            view: round(float((mean * own).sum() / (mean.norm() * own.norm())), 4) for view, mean in means.items()
        }
    return Album(
        len(looks),
        tuple(passed_over),
        judged(similarity, toolbox.encoders, toolbox.judges) if looks else None,
        toolbox.models,
        tuple(one.name for one in toolbox.judges),
    )


def _looks(
    before: bytes, after: bytes, toolbox: Toolbox, listener: ProgressListener
) -> dict[str, dict[str, torch.Tensor]]:
    """encoder -> view (``original``, ``file``, ways of passing on) -> unit vector of the largest face."""
    from photoguard.faces import find_faces
    from photoguard.pixels import decode
    from photoguard.platforms import WAYS
    from photoguard.proof.cells import FILE, seen_plainly
    from photoguard.proof.pairing import carried_over
    from photoguard.proof.posting import posted

    def check() -> None:
        listener(Progress(Stage.FINDING_FACES))

    original, copy = in_colour(decode(before, first_frame=True)), in_colour(decode(after, first_frame=True))
    faces = find_faces(original, FaceChoice.LARGEST, toolbox.detector, check)
    if not faces:
        raise Refused(ProblemCode.NO_FACE_TO_CHECK)
    matches = matches_in(original, faces, copy, find_faces(copy, FaceChoice.ALL, toolbox.detector, check))
    if not matches:
        raise Refused(ProblemCode.PAIR_DIFFERS)
    (match,) = matches
    everybody = (*toolbox.encoders, *toolbox.judges)
    views = {"original": seen_plainly(original.pixels, match.original, everybody)}
    views[FILE] = seen_plainly(copy.pixels, match.copy, everybody)
    for way in WAYS:
        if way.name in _WAYS:
            shown = posted(copy.pixels, way)
            there = carried_over(match.copy, copy.size, (shown.shape[1], shown.shape[0]))
            views[way.name] = seen_plainly(shown, there, everybody)
    return {one.name: {view: seen[one.name] for view, seen in views.items()} for one in everybody}
