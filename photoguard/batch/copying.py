"""Gives a photo with the same content as another the same copy."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from photoguard.domain import Outcome, OutcomeKind
from photoguard.errors import Failed, PhotoguardError, Problem, ProblemCode, Refused
from photoguard.output import Candidate


def copied(done: Outcome, source: Path, destination: Path, *, keep_times: bool) -> Outcome:
    """The outcome for ``source``, whose content is that of the photo of ``done``; its copy goes to ``destination``.

    ``done`` has a copy and its proof. What is read from that copy is checked against the proof, and what was written too.
    """
    assert done.output is not None
    assert done.proof is not None
    if destination.suffix.lower() != done.output.suffix.lower():
        destination = destination.with_suffix(done.output.suffix)
    try:
        data = done.output.read_bytes()
        with Candidate(destination, source=source, keep_times=keep_times) as candidate:
            candidate.write(data)
            if candidate.read() != data or hashlib.sha256(data).hexdigest() != done.proof.sha256:
                raise Failed(ProblemCode.PIXELS_DIFFER)
            output = candidate.commit()
    except OSError:
        return Outcome(source, None, OutcomeKind.FAILED, Problem(ProblemCode.PIXELS_DIFFER))
    except PhotoguardError as error:
        kind = OutcomeKind.REFUSED if isinstance(error, Refused) else OutcomeKind.FAILED
        return Outcome(source, None, kind, error.problem)
    return replace(done, source=source, output=output, kind=done.earlier or done.kind, earlier=None, seconds=0.0)
