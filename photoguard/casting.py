"""One photo by itself: who is in it, whom they are to be taken for, and its protected copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard import pipeline
from photoguard.domain import Cast, Options, Outcome, ProgressListener, silent
from photoguard.errors import Failed, PhotoguardError, ProblemCode
from photoguard.places import user_state

if TYPE_CHECKING:
    from photoguard.personas.store import Personas
    from photoguard.toolbox import Toolbox


def protect(
    source: Path,
    destination: Path,
    options: Options,
    toolbox: Toolbox,
    listener: ProgressListener = silent,
    *,
    keep_times: bool = False,
) -> Outcome:
    """:func:`photoguard.pipeline.protect` with the personas that are kept on this computer.

    Raises besides ``Cancelled`` only ``Failed`` PERSONAS_LOCKED, where a persona was named and cannot be had.
    """
    with kept_personas(options) as personas:
        cast = cast_by(personas, source, options, toolbox, listener)
    return pipeline.protect(source, destination, options, toolbox, listener, keep_times=keep_times, cast=cast)


def cast_by(
    personas: Personas, source: Path, options: Options, toolbox: Toolbox, listener: ProgressListener = silent
) -> Cast | None:
    """Whom the faces of ``source`` are to be taken for; None where it cannot be looked at, which its outcome will tell."""
    try:
        sighting = pipeline.sighted(source, options, toolbox, listener)
    except PhotoguardError:
        return None
    return Cast(replace(sighting, looks=()), personas.cast(sighting, options.persona))


@contextmanager
def kept_personas(options: Options) -> Iterator[Personas]:
    """The personas of this user; new ones that nobody keeps where those cannot be opened.

    Raises ``Failed`` where ``options`` name one: another identity is not what was asked for.
    """
    from photoguard.personas.store import Personas

    try:
        personas = Personas(user_state())
    except Failed as error:
        if options.persona is not None or error.problem.code is ProblemCode.DISK_FULL:
            raise
        personas = Personas(None)
    with personas:
        yield personas
