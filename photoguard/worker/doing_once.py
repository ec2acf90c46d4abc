"""One photo of the window under the rules of a folder run: what is done is known again by its content, not by its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from photoguard.batch import Found, Job, Journal, Terms, fingerprint, run
from photoguard.batch.casting import Caster
from photoguard.batch.content import content_of, sha256_of
from photoguard.batch.executors import InProcess
from photoguard.batch.treatment import Practice, Readiness, Treatment
from photoguard.casting import kept_personas
from photoguard.domain import Options, Outcome, ProgressListener, Sighting
from photoguard.errors import Failed, PhotoguardError, ProblemCode
from photoguard.places import user_state
from photoguard.worker.messages import Protect, Scrub


class DoingOnce:
    """Treats photos with the journal that the command line keeps, so that either goes on where the other ended.

    A photo whose copy lies there whole ends as ``skipped`` with what was measured when it was made. One that has changed,
    or is to be treated otherwise, gets a copy of its own under the next free name.
    """

    def __init__(self) -> None:
        self._press = 0
        self._found = Found()
        self._sightings: dict[tuple[bytes, str], Sighting] = {}
        """By treatment and content: who was met on photos that have not been done yet."""

    def meet(self, request: Protect, treatment: Treatment, fingerprint: bytes, listener: ProgressListener) -> None:
        """Get to know the people on a photo that has to be done, and remember where they are on it.

        Raises ``Cancelled``; ``Failed`` where notes fail, or a named persona cannot be had. What is wrong with the photo is
        told when its turn comes.
        """
        self._begin(request.press)
        try:
            content = content_of(request.source).sha256
        except PhotoguardError:
            return
        with _journal() as journal, _caster(treatment) as caster:
            if caster is None or journal.find(content, fingerprint) is not None:
                return
            sighting = Practice(treatment).sight(request.source, listener)
            if sighting is not None:
                self._sightings[fingerprint, sighting.sha256] = sighting
                caster(sighting)

    def outcome(
        self, request: Protect | Scrub, treatment: Treatment, fingerprint: bytes, listener: ProgressListener
    ) -> Outcome:
        """Of one photo. Raises ``Cancelled``; ``Failed`` where models or notes fail, or a named persona cannot be had."""
        self._begin(request.press)
        job = Job(request.source, request.destination, is_named=request.is_named)
        terms = Terms(fingerprint, resume=not request.is_again, gives_way=True)
        executor = InProcess(treatment, _Recalling(treatment, fingerprint, self._sightings))
        outcomes: list[Outcome] = []
        with _journal() as journal, _caster(treatment) as caster:
            try:
                told = run(
                    [job], executor, journal, terms, lambda at: listener(at.progress), found=self._found, caster=caster
                )
                outcomes.extend(told)
            except Failed:
                if not outcomes:
                    raise
                # a full disk ends a folder run after the photo that did not fit; here each photo says it for itself
        return outcomes[0]

    def _begin(self, press: int) -> None:
        if press != self._press:  # what lies in the folders may have changed since
            self._press, self._found = press, Found()
            self._sightings.clear()


class _Recalling(Practice):
    """Does not look again who is on a photo whose people were met."""

    def __init__(self, treatment: Treatment, fingerprint: bytes, met: dict[tuple[bytes, str], Sighting]) -> None:
        super().__init__(treatment)
        self._fingerprint = fingerprint
        self._met = met

    def sight(self, source: Path, listener: ProgressListener) -> Sighting | None:
        with suppress(OSError):
            known = self._met.pop((self._fingerprint, sha256_of(source)), None)
            if known is not None:
                return known
        return super().sight(source, listener)


def fingerprint_of(request: Protect, options: Options, readiness: Readiness) -> bytes:
    """What the command line would note for ``options``; another one where faces were chosen by hand."""
    if request.left_out or request.added:
        chosen = [[asdict(region) for region in regions] for regions in (request.left_out, request.added)]
        digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
        readiness = replace(readiness, fingerprint=f"{readiness.fingerprint}|{digest}")
    return fingerprint(options, readiness)


@contextmanager
def _journal() -> Iterator[Journal]:
    """The user's; where there can be none, photos are done all the same."""
    try:
        journal = Journal(user_state())
    except Failed as error:
        if error.problem.code is not ProblemCode.JOURNAL_UNAVAILABLE:
            raise
        journal = Journal(None)
    with journal:
        yield journal


@contextmanager
def _caster(treatment: Treatment) -> Iterator[Caster | None]:
    """Who gives faces their personas; opened for each photo, so that what is forgotten meanwhile is forgotten here too."""
    if treatment.options is None:
        yield None
        return
    with kept_personas(treatment.options) as personas:
        yield partial(personas.cast, name=treatment.options.persona)
