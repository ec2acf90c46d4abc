"""What became of a whole folder: the JSON report of `photoguard protect`, summed up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from photoguard.cloak.presets import PRESETS
from photoguard.domain import Strength
from photoguard.errors import ProblemCode, UsageMistake

_SIZE_TOLERANCE = 0.15
_JPEG = (".jpg", ".jpeg", ".jpe", ".jfif")


def read(path: Path) -> dict[str, Any]:
    """The report at ``path``. Raises ``UsageMistake``: VANISHED, NOT_A_REPORT."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageMistake(ProblemCode.VANISHED) from error
    except ValueError as error:
        raise UsageMistake(ProblemCode.NOT_A_REPORT) from error
    if not isinstance(report, dict) or not isinstance(report.get("files"), list) or not report.get("options"):
        raise UsageMistake(ProblemCode.NOT_A_REPORT)
    return report


def told(report: dict[str, Any]) -> str:
    """Outcomes, likeness left by encoder and view, visibility, sizes and speed, as lines of Markdown.

    Every figure is the report's own, measured on the written files; nothing is measured again here.
    """
    files = report["files"]
    kinds = Counter(file["outcome"] for file in files)
    lines = ["| outcome | photos |", "| --- | --- |", *(f"| {kind} | {count} |" for kind, count in kinds.most_common())]
    lines.append(f"| all | {len(files)} |")
    faces = [face for file in files for face in file["faces"]]
    cloaked = [face for face in faces if face["cloaked"]]
    lines += ["", f"{len(faces)} faces, {len(cloaked)} cloaked"]
    if cloaked:
        lines += [*_likeness(cloaked), *_visibility(cloaked, Strength(report["options"]["strength"])), _speed(files)]
    lines += _sizes(files)
    reasons = [f"{file['outcome']}: {file['source']}: {file['reason']['code']}" for file in files if file["reason"]]
    return "\n".join([*lines, "", *reasons])


def _likeness(faces: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    for encoder in faces[0]["similarity"]:
        for view in faces[0]["similarity"][encoder]:
            values = [face["similarity"][encoder][view] for face in faces]
            lines.append(
                f"{encoder}, {view}: cosine to the original {mean(values):.3f} on average, {max(values):.3f} at most"
            )
    return lines


def _visibility(faces: Sequence[dict[str, Any]], strength: Strength) -> list[str]:
    budget = PRESETS[strength].budget
    quality = [face["visibility"]["ssimulacra2"] for face in faces]
    distance = [face["visibility"]["butteraugli_3norm"] for face in faces]
    held = (
        sum(value >= budget.least_ssimulacra2 for value in quality),
        sum(d <= budget.most_butteraugli for d in distance),
    )
    return [
        f"SSIMULACRA2 {median(quality):.1f} in the middle, {min(quality):.1f} at least; "
        f"{held[0]} of {len(faces)} at {budget.least_ssimulacra2:g} or above",
        f"butteraugli 3-norm {median(distance):.2f} in the middle, {max(distance):.2f} at most; "
        f"{held[1]} of {len(faces)} at {budget.most_butteraugli:g} or below",
    ]


def _speed(files: Sequence[dict[str, Any]]) -> str:
    counts = [sum(face["cloaked"] for face in file["faces"]) for file in files]
    per_face = [file["seconds"] / count for file, count in zip(files, counts, strict=True) if count]
    return f"seconds per cloaked face, all work included: {median(per_face):.1f} in the middle, {max(per_face):.1f} at most"


def _sizes(files: Sequence[dict[str, Any]]) -> list[str]:
    ratios = [
        file["quality"]["size_ratio"]
        for file in files
        if file["outcome"] == "protected"
        and all(name.lower().endswith(_JPEG) for name in (file["source"], file["output"]))
    ]
    if not ratios:
        return []
    near = sum(abs(ratio - 1) <= _SIZE_TOLERANCE for ratio in ratios)
    return [
        f"JPEG sizes against their sources: {median(ratios):.2f} in the middle, {min(ratios):.2f} to {max(ratios):.2f}; "
        f"{near} of {len(ratios)} within {100 * _SIZE_TOLERANCE:.0f} %"
    ]
