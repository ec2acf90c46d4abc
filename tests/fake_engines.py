"""Engines without models, for the window's and the client's tests; what a request does is said by its file's name."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

from photoguard.domain import (
    Box,
    FaceReport,
    Finding,
    FindingKind,
    Judgement,
    Outcome,
    OutcomeKind,
    Progress,
    Proof,
    Stage,
    Verdict,
)
from photoguard.errors import Problem, ProblemCode
from photoguard.worker.messages import (
    Answer,
    EditorView,
    EditorViewsShown,
    FacesFound,
    FindFaces,
    Finished,
    ListModels,
    Look,
    Looked,
    MeetPeople,
    ModelLine,
    ModelsListed,
    PairShown,
    PeopleMet,
    Picture,
    Protect,
    Region,
    Request,
    Scrub,
    ShowEditorViews,
    ShowPair,
    Warm,
    WarmUp,
)
from photoguard.worker.server import ProgressListener


def fake_engine() -> FakeEngine:
    return FakeEngine()


class FakeEngine:
    """``slow`` takes ten seconds in small steps, ``shy`` so long to be met, ``deaf`` hears nothing, ``deadly`` kills its
    process, ``broken`` raises, ``faceless`` has no face, ``bare`` hides nothing, ``refused`` is refused; everything else is
    protected at once, or known again where a file of that name lies there. What editors see of ``blind`` cannot be shown."""

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        if isinstance(request, WarmUp):
            return Warm(request.ticket, ("fake",))
        if isinstance(request, ShowEditorViews):
            if "blind" in request.source.stem:
                raise ZeroDivisionError
            view = EditorView("flux2", _picture(160, 192, 90), _picture(160, 192, 140))
            return EditorViewsShown(request.ticket, (view,))
        if isinstance(request, MeetPeople):
            listener(Progress(Stage.FINDING_FACES))
            if "shy" in request.photo.source.stem:
                for _ in range(200):
                    listener(Progress(Stage.FINDING_FACES))
                    time.sleep(0.05)
            return PeopleMet(request.ticket)
        assert isinstance(request, Protect | Scrub)
        name = request.source.stem
        listener(Progress(Stage.READING))
        if "deadly" in name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "broken" in name:
            raise ZeroDivisionError
        if "deaf" in name:
            request.destination.parent.mkdir(parents=True, exist_ok=True)
            time.sleep(60)
        steps = 200 if "slow" in name else 2
        for step in range(steps):
            listener(Progress(Stage.CLOAKING, 1, 1, step, steps, (steps - step) * 0.05))
            time.sleep(0.05 if "slow" in name else 0.001)
        return Finished(request.ticket, _outcome(request, name))


def _outcome(request: Protect | Scrub, name: str) -> Outcome:
    findings = () if "bare" in name else (Finding(FindingKind.LOCATION, "APP1/Exif/GPS", 60),)
    if "refused" in name:
        return Outcome(request.source, None, OutcomeKind.REFUSED, Problem(ProblemCode.TRUNCATED), findings)
    output = request.destination
    if output.exists() and request.is_again:
        output = output.with_name(f"{output.stem}-2{output.suffix}")
    is_there = output.exists()
    output.parent.mkdir(parents=True, exist_ok=True)
    if not is_there:
        shutil.copy(request.source, output)
    proof = Proof(is_clean=True, same_size=True, sha256="0" * 64, size_bytes=output.stat().st_size)
    if "faceless" in name:
        problem = Problem(ProblemCode.NO_FACE)
        return Outcome(request.source, output, OutcomeKind.NO_FACE, problem, findings, proof=proof)
    if isinstance(request, Scrub):
        return Outcome(request.source, output, OutcomeKind.SCRUBBED, None, findings, proof=proof)
    face = FaceReport(
        Box(100.0, 60.0, 80.0, 100.0),
        {"fake": {"file": 0.21, "after_any": 0.34}},
        {"ssimulacra2": 71.5, "butteraugli_3norm": 1.92, "psnr": 38.1},
        judgement=_judgement(name),
    )
    outcome = Outcome(
        request.source, output, OutcomeKind.PROTECTED, None, findings, (face,), {"size_ratio": 1.0}, proof, seconds=0.1
    )
    if request.options.shield_edits:
        outcome = replace(outcome, shield=SHIELD)
    return replace(outcome, kind=OutcomeKind.SKIPPED, earlier=OutcomeKind.PROTECTED) if is_there else outcome


SHIELD = {
    "taesana_encoder": {"took_part": False, "shift": 0.41, "shift_unprotected": 0.16},
    "taef2_encoder": {"took_part": True, "shift": 0.75, "shift_unprotected": 0.22, "decode_psnr": 25.8},
}
"""What editors make of a copy with a shield."""


def _judgement(name: str) -> Judgement:
    """``judged`` was looked at by somebody independent, who still knows ``known``."""
    if "known" in name:
        return Judgement(Verdict.RECOGNISABLE, 100.0, ("other",), ("fake",), worst="file")
    if "judged" in name:
        return Judgement(Verdict.HARDER, 41.3, ("other",), ("fake",), worst="after_any")
    return Judgement(Verdict.UNCHECKED, None, (), ("fake",))


def leftovers(folder: Path) -> list[Path]:
    """Files in ``folder`` that no finished work has written."""
    return [path for path in folder.rglob("*") if path.name.startswith(".photoguard-")]


def fake_reader() -> FakeReader:
    return FakeReader()


class FakeReader:
    """``faceless`` has no face, ``crowd`` three, ``moving`` is an animation, ``refused`` cannot be read; all else one face."""

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        listener(Progress(Stage.READING))
        if isinstance(request, Look):
            return _looked(request)
        if isinstance(request, FindFaces):
            count = {"faceless": 0, "crowd": 3}.get(request.source.stem.split("-")[0], 1)
            return FacesFound(request.ticket, tuple(Region(0.1 + 0.3 * n, 0.2, 0.2, 0.3) for n in range(count)))
        if isinstance(request, ListModels):
            return ModelsListed(request.ticket, (ModelLine("fake", "surrogate", "CC0-1.0", is_built_in=True),))
        assert isinstance(request, ShowPair)
        return PairShown(request.ticket, _picture(400, 300, 90), _picture(400, 300, 96), None, (400, 300))


def _looked(request: Look) -> Looked:
    if "refused" in request.source.stem:
        return Looked(request.ticket, (), None, 0, None, Problem(ProblemCode.TRUNCATED))
    findings = (Finding(FindingKind.LOCATION, "APP1/Exif/GPS", 60),)
    problem = Problem(ProblemCode.ANIMATED, {"frames": 4}) if "moving" in request.source.stem else None
    return Looked(request.ticket, findings, (400, 300), 1, _picture(160, 120, 128), problem)


def _picture(width: int, height: int, grey: int) -> Picture:
    return Picture(width, height, bytes([grey]) * (width * height * 3))
