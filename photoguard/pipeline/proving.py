"""What the written pixels show: whether the cloak did its work, and how visible it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from photoguard.domain import Face, FaceReport, Options, Photo
from photoguard.errors import Failed, Problem, ProblemCode

if TYPE_CHECKING:
    from photoguard.latents import Latents
    from photoguard.toolbox import Toolbox

_WEAKEST_CLOAK = 0.97
"""A cloak after which encoders still see more than this share of the likeness did not do its work."""
_ROUNDING = 0.02
"""Share by which the proof's figures may pass the budget: the rehearsal codes crops, the proof the whole photo."""


def judged_faces(
    original: Photo,
    written: Photo,
    faces: tuple[Face, ...],
    problems: list[Problem | None],
    options: Options,
    toolbox: Toolbox,
) -> list[FaceReport]:
    """Measure every face on the written file; raise ``Failed`` where a cloak is missing or too visible."""
    from photoguard.cloak import PRESETS
    from photoguard.proof.faces import measured
    from photoguard.proof.judging import judged

    budget = PRESETS[options.strength].budget
    reports = []
    for face, problem in zip(faces, problems, strict=True):
        everybody = (*toolbox.encoders, *toolbox.judges)
        report = measured(original.pixels, written.pixels, face, everybody, options.platform)
        if problem is None:
            seen = report.visibility
            is_seen = seen["ssimulacra2"] < budget.least_ssimulacra2 - _ROUNDING * 100
            if is_seen or seen["butteraugli_3norm"] > budget.most_butteraugli * (1 + 2 * _ROUNDING):
                raise Failed(ProblemCode.CLOAK_TOO_VISIBLE, ssimulacra2=seen["ssimulacra2"])
            left = _likeness_left(report, toolbox)
            if left > _WEAKEST_CLOAK:
                raise Failed(ProblemCode.CLOAK_TOO_WEAK, similarity_percent=round(100 * left))
            report = replace(report, judgement=judged(report.similarity, toolbox.encoders, toolbox.judges))
        reports.append(replace(report, is_cloaked=problem is None, problem=problem))
    return reports


def _likeness_left(report: FaceReport, toolbox: Toolbox) -> float:
    """Mean over encoders of the share of likeness that is left in the file; 1: as before, 0: a stranger."""
    shares = [
        (report.similarity[encoder.name]["file"] - encoder.strangers) / (1 - encoder.strangers)
        for encoder in toolbox.encoders
    ]
    return sum(shares) / len(shares)


def read_by_editors(
    original: Photo, written: Photo, faces: tuple[Face, ...], options: Options, latents: Latents
) -> dict[str, dict[str, float | bool]]:
    """What latent encoders make of the written file; raise ``Failed`` where the shield is too visible."""
    from photoguard.cloak import PRESETS
    from photoguard.proof.editors import measured, whole_ssimulacra2

    score = whole_ssimulacra2(original.pixels, written.pixels, options.platform)
    if score < PRESETS[options.strength].budget.least_ssimulacra2 - _ROUNDING * 100:
        raise Failed(ProblemCode.CLOAK_TOO_VISIBLE, ssimulacra2=round(score, 2))
    boxes = [face.box for face in faces]
    return measured(original.pixels, written.pixels, boxes, latents, options.platform)


def quality_outside(original: Photo, written: Photo, faces: tuple[Face, ...]) -> dict[str, float]:
    """How well what is not a face was kept."""
    from photoguard.proof.faces import psnr_outside

    boxes = [face.box for face in faces]
    return {"psnr_outside_faces": round(psnr_outside(original.pixels, written.pixels, boxes), 2)}
