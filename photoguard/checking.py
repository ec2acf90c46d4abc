"""Answers "did it work?" for a photo and its protected copy, on the two files alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.containers import inventory, sniff
from photoguard.domain import (
    Face,
    FaceChoice,
    Finding,
    ImageFormat,
    Judgement,
    Photo,
    Progress,
    ProgressListener,
    Stage,
    silent,
)
from photoguard.errors import Problem, ProblemCode, Refused
from photoguard.pipeline import read
from photoguard.proof.residue import residue

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from photoguard.proof.cells import Cells
    from photoguard.proof.pairing import Match, Relation
    from photoguard.toolbox import Toolbox

_WALKED = frozenset({ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.GIF})
"""Formats that are read by a second, stricter walk; copies of ours have one of them."""


@dataclass(frozen=True)
class CheckedFace:
    """What became of one face."""

    original: Face
    copy: Face
    judgement: Judgement
    cells: Cells
    visibility: Mapping[str, float]
    """As in a report of protecting; empty where the copy's frame is another one."""

    @property
    def likeness(self) -> dict[str, float]:
        """View -> likeness left, 0..100, the highest that anybody sees; empty where nobody independent looked.

        The judgement's number is the highest of those that are passed on.
        """
        judgement = self.judgement
        return self.cells.likeness((*judgement.judges, *judgement.took_part)) if judgement.judges else {}


@dataclass(frozen=True)
class Checked:
    """The answer for one pair of files."""

    original: Path
    copy: Path
    problem: Problem | None = None
    """Why the pair could not be compared."""
    relation: Relation | None = None
    faces: tuple[CheckedFace, ...] = ()
    missing: int = 0
    """Faces of the original that the copy does not show."""
    removed: tuple[Finding, ...] = ()
    """What the original carries and the copy does not."""
    left: tuple[Finding, ...] = ()
    """What the copy still carries besides its picture."""
    took_part: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    seconds: float = 0.0
    cell_seconds: float = 0.0
    """Of these, on the cells alone."""


def check(original: Path, copy: Path, toolbox: Toolbox, listener: ProgressListener = silent) -> Checked:
    """Compare ``copy`` with ``original``; ``toolbox.encoders`` are taken to have had part in the change.

    A pair that does not fit is an answer with ``problem``: PAIR_DIFFERS, NO_FACE_TO_CHECK, or why one of the files cannot be
    read. Raises only ``Cancelled``.
    """
    started = time.monotonic()
    answer = Checked(original, copy, took_part=toolbox.models, judges=tuple(one.name for one in toolbox.judges))
    try:
        listener(Progress(Stage.READING))
        before, after = read(original), read(copy)
        carried, left = inventory(before).findings, _left(after)
        kept = {(finding.kind, finding.detail) for finding in left}
        removed = tuple(finding for finding in carried if (finding.kind, finding.detail) not in kept)
        answer = replace(answer, removed=removed, left=left)
        answer = _compared(answer, before, after, toolbox, listener)
    except Refused as error:
        answer = replace(answer, problem=error.problem)
    return replace(answer, seconds=round(time.monotonic() - started, 2))


def _left(data: bytes) -> tuple[Finding, ...]:
    """What a copy carries; where the inventory knows of nothing, the stricter walk has the last word."""
    found = inventory(data).findings
    return found if found or sniff(data) not in _WALKED else residue(data, allow_orientation=True)


def _compared(answer: Checked, before: bytes, after: bytes, toolbox: Toolbox, listener: ProgressListener) -> Checked:
    from photoguard.faces import find_faces
    from photoguard.pixels import decode
    from photoguard.proof.cells import cells
    from photoguard.proof.judging import judged
    from photoguard.proof.pairing import Relation, relation

    def check() -> None:
        listener(Progress(Stage.CHECKING))

    def faces_of(photo: Photo) -> tuple[Face, ...]:
        return find_faces(photo, FaceChoice.ALL, toolbox.detector, lambda: listener(Progress(Stage.FINDING_FACES)))

    original, copy = in_colour(decode(before, first_frame=True)), in_colour(decode(after, first_frame=True))
    faces = faces_of(original)
    if not faces:
        raise Refused(ProblemCode.NO_FACE_TO_CHECK)
    matches = matches_in(original, faces, copy, faces_of(copy))
    how = None
    if not matches:
        flipped = replace(copy, pixels=copy.pixels[:, ::-1].copy())
        matches = matches_in(original, faces, flipped, faces_of(flipped))
        copy, how = (flipped, Relation.MIRRORED) if matches else (copy, None)
    if not matches:
        raise Refused(ProblemCode.PAIR_DIFFERS)
    how = how or relation(matches[0], original.size, copy.size)
    started = time.monotonic()
    encoders = (*toolbox.encoders, *toolbox.judges)
    checked = []
    for match, of_face in zip(matches, cells(original.pixels, copy.pixels, matches, encoders, check), strict=True):
        judgement = judged(of_face.similarity(), toolbox.encoders, toolbox.judges)
        seen = _visibility(original, copy, match) if how is Relation.SAME else {}
        checked.append(CheckedFace(match.original, match.copy, judgement, of_face, seen))
    seconds = round(time.monotonic() - started, 2)
    missing = len(faces) - len(matches)
    return replace(answer, relation=how, faces=tuple(checked), missing=missing, cell_seconds=seconds)


def matches_in(original: Photo, faces: tuple[Face, ...], copy: Photo, found: tuple[Face, ...]) -> tuple[Match, ...]:
    """The faces of ``original`` in ``copy``, both in colour; in an equal frame also those that no detector finds there any more."""
    from photoguard.proof.pairing import Match, carried_over, matched, shows_same

    matches = {match.original: match for match in matched(original.pixels, faces, copy.pixels, found)}
    shapes = [size[0] / size[1] for size in (original.size, copy.size)]
    if abs(shapes[0] / shapes[1] - 1) < 0.02:
        for face in faces:
            there = carried_over(face, original.size, copy.size)
            if face not in matches and shows_same(original.pixels, face, copy.pixels, there):
                matches[face] = Match(face, there, 1.0)
    return tuple(matches[face] for face in faces if face in matches)


def _visibility(original: Photo, copy: Photo, match: Match) -> dict[str, float]:
    from photoguard.proof.faces import visibility

    return visibility(original.pixels, copy.pixels, match.original)


def in_colour(photo: Photo) -> Photo:
    """``photo`` with (h, w, 3) pixels."""
    import numpy as np

    pixels: npt.NDArray[np.uint8] = photo.pixels
    return replace(photo, pixels=np.repeat(pixels[..., None], 3, 2)) if photo.is_grey else photo
