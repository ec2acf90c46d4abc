"""A photo on its way through a published method: read as ours reads it, written as ours writes it, within the same
double budget, so that methods differ in nothing but how they work out the change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from photoguard.bench.methods.protocol import Task, Written
from photoguard.cloak import LEAST_FACE_PX, PRESETS, Budget, fine_enough
from photoguard.cloak.layer import Layer
from photoguard.cloak.region import Region, around
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.domain import Encoding, Face, Photo, Platform
from photoguard.errors import Failed, ProblemCode, Refused
from photoguard.faces import find_faces
from photoguard.output import Candidate
from photoguard.pixels import decode, encode, encoding_for, reduced, suited
from photoguard.platforms import HANDLINGS
from photoguard.toolbox import Toolbox

_TRIES = 10
_MOST_GROWTH = 8.0
_CLOSE = 0.98
"""A scale that reaches this share of what the last look promises is good enough."""


@dataclass(frozen=True, eq=False)
class Workpiece:
    """One photo and its largest face."""

    photo: Photo
    face: Face
    encoding: Encoding
    budget: Budget

    @property
    def region(self) -> Region:
        """The square around the face, on a grid as fine as the face is displayed (at most 512 px)."""
        return around(self.face)


def prepared(task: Task, toolbox: Toolbox) -> Workpiece:
    """Read the photo and find its largest face. Raises ``Refused`` or ``Failed`` where that cannot be done."""
    photo = decode(task.source.read_bytes())
    if task.options.platform is not Platform.ANY:
        photo = reduced(photo, HANDLINGS[task.options.platform].zoom(photo.size))
    encoding = encoding_for(photo, task.options.output_format)
    photo = suited(photo, encoding)
    faces = find_faces(photo, task.options.faces, toolbox.detector)
    if not faces or faces[0].box.width < LEAST_FACE_PX:
        raise Refused(ProblemCode.NO_FACE)
    budget = PRESETS[task.options.strength].budget
    return Workpiece(photo, faces[0], fine_enough(photo, faces[:1], encoding, budget), budget)


def finished(piece: Workpiece, layer: Layer, task: Task) -> Written:
    """Write the photo with ``layer`` at the greatest strength that holds the budget on the written pixels.

    Raises ``Failed(CLOAK_TOO_VISIBLE)`` where no strength does.
    """
    rehearsal = Rehearsal(piece.photo.pixels, piece.photo.pixels, layer.region, piece.encoding)
    scale = greatest_scale(rehearsal, layer, piece.budget)
    if scale <= 0:
        raise Failed(ProblemCode.CLOAK_TOO_VISIBLE, ssimulacra2=round(rehearsal.unchanged(), 1))
    pixels = piece.photo.pixels.copy()
    layer.add_in_place(pixels, scale)
    with Candidate(task.destination, source=task.source) as candidate:
        candidate.write(encode(replace(piece.photo, pixels=pixels), piece.encoding))
        return Written(candidate.commit(), scale=scale)


def greatest_scale(rehearsal: Rehearsal, layer: Layer, budget: Budget) -> float:
    """The greatest scale found (0 to 8) at which ``layer`` holds ``budget``.

    A method may end below the budget as well as above it; both would make comparisons unfair, so it is scaled either
    way. Bisection between the last that held and the first that did not, led by how the measures grow.
    """
    # the layer comes in the photo's coordinates, the rehearsal works in those of its window
    layer = Layer(rehearsal.region, layer.values)
    held, broke, scale = 0.0, _MOST_GROWTH, 1.0
    for _ in range(_TRIES):
        seen = rehearsal.seen(layer, scale)
        holds = budget.holds(seen.ssimulacra2, seen.butteraugli)
        held, broke = (max(held, scale), broke) if holds else (held, min(broke, scale))
        by_distance = budget.most_butteraugli / max(seen.butteraugli, 1e-3)
        by_score = ((100 - budget.least_ssimulacra2) / max(100 - seen.ssimulacra2, 1e-3)) ** 1.2
        promised = scale * min(by_distance, by_score) * 0.997
        if held >= _CLOSE * broke or (holds and held >= _CLOSE * promised):
            break
        scale = promised if held < promised < broke else (held + broke) / 2
    return held
