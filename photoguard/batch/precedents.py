"""What earlier runs have made of a photo already, and which name its copy can have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path

from photoguard.batch.content import Content
from photoguard.batch.copies import Copies
from photoguard.batch.discovery import Job
from photoguard.batch.journal import Journal
from photoguard.copy_names import copy_key, existing_copy
from photoguard.domain import Outcome, OutcomeKind
from photoguard.errors import Problem, ProblemCode, Refused


class Precedents:
    """For the jobs of one run whose copies go to ``destinations``, all treated alike (``treatment``: its fingerprint).

    ``resume``: whole copies that the journal knows are left as they are; else an existing copy is a refusal. ``gives_way``:
    where a file lies that is none of ours, the copy takes the next free name; else that is a refusal.
    """

    def __init__(
        self,
        destinations: Iterable[Path],
        journal: Journal,
        copies: Copies,
        treatment: bytes,
        *,
        resume: bool,
        gives_way: bool,
    ) -> None:
        self._journal = journal
        self._copies = copies
        self._treatment = treatment
        self._resume = resume
        self._gives_way = gives_way
        self._taken = set()
        for destination in destinations:
            self._taken.add(copy_key(destination))
            copies.remember(destination.parent)

    def outcome(self, job: Job, content: Content) -> Outcome | None:
        """What the journal says, where it still holds; None where the photo has to be done."""
        if not self._resume:
            return None
        note = self._journal.find(content.sha256, self._treatment)
        if note is None:
            is_own = not job.is_named and self._journal.made(content.sha256.hex(), kind=OutcomeKind.PROTECTED)
            problem = Problem(ProblemCode.OWN_COPY)
            return Outcome(job.source, None, OutcomeKind.SKIPPED, problem) if is_own else None
        if note.copy_sha256 is None:
            return note.outcome(job.source, None)
        copy = self._copies.claim(job.destination, note.copy_sha256, note.copy_bytes)
        if copy is None or _is_same(copy, job.source):  # a clean original may be its own scrubbed copy
            return None
        earlier = note.outcome(job.source, copy)
        return replace(earlier, kind=OutcomeKind.SKIPPED, earlier=earlier.kind)

    def place(self, job: Job, content: Content) -> Path:
        """A free destination; raises ``Refused`` where something lies there that is none of ours."""
        destination = job.destination
        there = existing_copy(destination)
        if there is None:
            return destination
        if _is_same(there, job.source):  # nobody shall take it for a copy
            raise Refused(ProblemCode.OUTPUT_IS_SOURCE)
        is_ours = self._resume and self._is_ours(there, content)
        if not is_ours and not self._gives_way:
            raise Refused(ProblemCode.OUTPUT_EXISTS)
        # nothing is ever overwritten; the new copy gets the next number
        for number in count(2):
            new = destination.with_name(f"{destination.stem}-{number}{destination.suffix}")
            if existing_copy(new) is None and copy_key(new) not in self._taken:
                self._taken.add(copy_key(new))
                return new
        raise AssertionError

    def _is_ours(self, there: Path, content: Content) -> bool:
        """Whether a file is a copy that we made of whatever, or was one of this very photo and is damaged."""
        if self._journal.find(content.sha256, self._treatment) is not None:
            return True
        sha256 = self._copies.hash_of(there)
        return sha256 is not None and self._journal.made(sha256)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # a dangling link, or a file that vanished meanwhile
        return False
