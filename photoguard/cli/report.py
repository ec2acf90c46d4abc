"""The machine-readable report: one JSON object, the contract of docs/architecture.md."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from photoguard import __version__
from photoguard.domain import FaceReport, Finding, Judgement, Options, Outcome
from photoguard.errors import Failed, PhotoguardError, Problem, ProblemCode, UsageMistake
from photoguard.i18n import Language, sentence, verdict_words, whose_words
from photoguard.output import replace_own

_SIGNATURE = b'{\n "version": "'
"""How every report of ours begins; only such a file is ever replaced."""


def check_target(target: str | None) -> None:
    """Raise ``UsageMistake`` where no report could be written: OUTPUT_EXISTS where something lies there that is no report,
    REPORT_NOT_WRITABLE where the folder is not there or takes no files.
    """
    if target is None or target == "-":
        return
    path = Path(target)
    if path.exists() and not _is_report(path):
        raise UsageMistake(ProblemCode.OUTPUT_EXISTS)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageMistake(ProblemCode.REPORT_NOT_WRITABLE)


class ReportKeeper:
    """Writes the report of a run once, however the run ends; the run's own end is never hidden behind that."""

    def __init__(self, compose: Callable[[], Mapping[str, Any]], target: str | None, tongue: Language) -> None:
        self._compose = compose
        self._target = target
        self._tongue = tongue
        self._is_kept: bool | None = None

    def keep(self) -> bool:
        """Write it unless that was done; False, and a sentence to the error stream, where it could not be written."""
        if self._is_kept is None:
            self._is_kept = True
            try:
                write_report(self._compose(), self._target)
            except PhotoguardError as error:
                self._is_kept = False
                print(sentence(error.problem, self._tongue), file=sys.stderr)
        return self._is_kept


def write_report(document: Mapping[str, Any], target: str | None) -> None:
    """Print or save ``document``; a former report of that name is replaced, any other file is not."""
    if target is None:
        return
    text = json.dumps(document, indent=1, allow_nan=False)
    if target == "-":
        print(text)
        sys.stdout.flush()
        return
    check_target(target)
    try:
        replace_own(Path(target), text.encode() + b"\n")
    except OSError as error:
        raise Failed(ProblemCode.REPORT_NOT_WRITABLE) from error


def run_report(
    options: Options | None,
    models: Sequence[str],
    outcomes: Iterable[Outcome],
    tongue: Language,
    passed_over: Iterable[Path] = (),
) -> dict[str, Any]:
    """The report of a ``protect`` (with ``options``) or ``scrub`` run; ``passed_over``: what else lies in the folders."""
    return {
        "version": __version__,
        "options": None if options is None else _options(options),
        "models": list(models),
        "files": [_file(outcome, tongue) for outcome in outcomes],
        "passed_over": [str(path) for path in passed_over],
    }


def finding_entry(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "place": finding.place,
        "bytes": finding.size_bytes,
        "width": finding.width,
        "height": finding.height,
        "detail": finding.detail,
    }


def judgement_entry(judgement: Judgement | None, tongue: Language) -> dict[str, Any] | None:
    """The verdict on a face; ``likeness`` is null where nobody independent looked."""
    if judgement is None:
        return None
    return {
        "verdict": judgement.verdict.value,
        "likeness": judgement.likeness,
        "worst": judgement.worst,
        "independent": list(judgement.judges),
        "took_part": list(judgement.took_part),
        "assumed": judgement.is_assumed,
        "sentence": f"{verdict_words(judgement, tongue)} {whose_words(judgement, tongue)}",
    }


def _options(options: Options) -> dict[str, Any]:
    return {
        "strength": options.strength.value,
        "platform": options.platform.value,
        "shield_edits": options.shield_edits,
        "faces": options.faces.value,
        "detector": options.detector,
        "persona": options.persona,
        "format": options.output_format.value,
        "seed": options.seed,
    }


def _file(outcome: Outcome, tongue: Language) -> dict[str, Any]:
    return {
        "source": str(outcome.source),
        "output": None if outcome.output is None else str(outcome.output),
        "outcome": outcome.kind.value,
        "earlier": None if outcome.earlier is None else outcome.earlier.value,
        "reason": reason_entry(outcome.problem, tongue),
        "findings": [finding_entry(finding) for finding in outcome.findings],
        "faces": [_face(face, tongue) for face in outcome.faces],
        "quality": dict(outcome.quality),
        "proof": None
        if outcome.proof is None
        else {
            "clean": outcome.proof.is_clean,
            "same_size": outcome.proof.same_size,
            "sha256": outcome.proof.sha256,
            "bytes": outcome.proof.size_bytes,
        },
        "shield": {name: dict(values) for name, values in outcome.shield.items()},
        "notes": list(outcome.notes),
        "seconds": outcome.seconds,
    }


def reason_entry(problem: Problem | None, tongue: Language) -> dict[str, Any] | None:
    if problem is None:
        return None
    return {"code": problem.code.value, "facts": dict(problem.facts), "sentence": sentence(problem, tongue)}


def _face(face: FaceReport, tongue: Language) -> dict[str, Any]:
    box = face.box
    return {
        "box": [round(value, 1) for value in (box.x, box.y, box.width, box.height)],
        "cloaked": face.is_cloaked,
        "reason": reason_entry(face.problem, tongue),
        "judgement": judgement_entry(face.judgement, tongue),
        "similarity": {encoder: dict(views) for encoder, views in face.similarity.items()},
        "visibility": dict(face.visibility),
        "persona": face.persona or None,
    }


def _is_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return path.is_file() and file.read(len(_SIGNATURE)) in {_SIGNATURE, b""}
    except OSError:
        return False
