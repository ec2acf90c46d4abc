"""The machine-readable answer of `photoguard check`: one JSON object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from photoguard import __version__
from photoguard.checking import Checked, CheckedFace
from photoguard.cli.report import finding_entry, judgement_entry, reason_entry
from photoguard.i18n import Language, check_words
from photoguard.platforms import WAYS
from photoguard.proof.cells import Cell


def check_report(checked: Checked, tongue: Language) -> dict[str, Any]:
    """Everything that was measured and found, with who measured it and what it cannot tell."""
    return {
        "version": __version__,
        "original": str(checked.original),
        "protected": str(checked.copy),
        "outcome": "refused" if checked.problem else "checked",
        "reason": reason_entry(checked.problem, tongue),
        "relation": None if checked.relation is None else checked.relation.value,
        "models": {"took_part": list(checked.took_part), "independent": list(checked.judges)},
        "faces": [_face(face, tongue) for face in checked.faces],
        "missing_faces": checked.missing,
        "removed": [finding_entry(finding) for finding in checked.removed],
        "left": [finding_entry(finding) for finding in checked.left],
        "platforms": [{"name": way.name, "confidence": way.confidence, "source": way.source} for way in WAYS],
        "scale": check_words("scale", tongue),
        "limits": [check_words("limits", tongue), check_words("margin", tongue)],
        "seconds": checked.seconds,
        "cell_seconds": checked.cell_seconds,
    }


def _face(face: CheckedFace, tongue: Language) -> dict[str, Any]:
    box = face.copy.box
    return {
        "box": [round(value, 1) for value in (box.x, box.y, box.width, box.height)],
        "judgement": judgement_entry(face.judgement, tongue),
        "similarity": face.cells.similarity(),
        "likeness": face.likeness,
        "visibility": dict(face.visibility),
        "cells": _cells(face.cells.passed_on),
        "cleaned": _cells(face.cells.cleaned),
    }


def _cells(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    return [
        {"view": cell.view, "reader": cell.reader, "encoder": cell.encoder, "cosine": cell.cosine} for cell in cells
    ]
