"""A file that is on the disk under its name only once it is proven."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from photoguard.containers import Rewritten, rewrite
from photoguard.domain import Outcome, OutcomeKind, Proof
from photoguard.errors import Failed, ProblemCode
from photoguard.output import Candidate
from photoguard.pipeline.reading import Found
from photoguard.proof.residue import residue

_SUFFIXES = {
    b"\xff\xd8": (".jpg", ".jpeg", ".jpe", ".jfif"),
    b"\x89P": (".png",),
    b"RI": (".webp",),
    b"GI": (".gif",),
}


def clean(data: bytes) -> bytes:
    """Freshly encoded bytes through the allow-list: encoders add things of their own."""
    rewritten = rewrite(data)
    if not isinstance(rewritten, Rewritten):
        raise Failed(ProblemCode.RESIDUE_LEFT, count=1)
    return rewritten.data


def put_in_place(
    found: Found,
    destination: Path,
    make: Callable[[], bytes],
    *,
    prove: Callable[[bytes], None] | None = None,
    keep_times: bool = False,
) -> Outcome:
    """Write, re-read, prove, then name the file; leaves nothing behind on any failure.

    Of a large file no more than two copies are held at a time: the source and what was written.
    """
    data = make()
    size, digest = len(data), hashlib.sha256(data).hexdigest()
    destination = _with_true_suffix(destination, data)
    with Candidate(destination, source=found.source, keep_times=keep_times) as candidate:
        candidate.write(data)
        if not candidate.holds(data):
            raise Failed(ProblemCode.PIXELS_DIFFER)
        # from here on these bytes are those of the file
        if left := residue(data, allow_orientation=True):
            raise Failed(ProblemCode.RESIDUE_LEFT, count=len(left))
        if prove is not None:
            prove(data)
        output = candidate.commit()
    return Outcome(
        found.source,
        output,
        OutcomeKind.SCRUBBED,
        findings=found.findings,
        quality={"size_ratio": round(size / len(found.data), 4)},
        proof=Proof(is_clean=True, same_size=True, sha256=digest, size_bytes=size),
    )


def _with_true_suffix(destination: Path, data: bytes) -> Path:
    """``destination`` with the extension of what is really in the file."""
    suffixes = _SUFFIXES.get(data[:2], (destination.suffix.lower(),))
    if destination.suffix.lower() in suffixes:
        return destination
    return destination.with_name((destination.stem or destination.name) + suffixes[0])
