"""What is done to every photo of a run, in a form that can travel to other processes and machines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.domain import Cast, Options, Outcome, ProgressListener, Sighting
from photoguard.errors import Cancelled

if TYPE_CHECKING:
    from photoguard.toolbox import Toolbox

Equip = Callable[[Options], "Toolbox"]
"""Loads the models; a function that can be pickled by name."""


def equipped(options: Options) -> Toolbox:
    """The installed models."""
    from photoguard import toolbox

    return toolbox.toolbox_for(options)


@dataclass(frozen=True)
class Treatment:
    """How photos are treated: protected with ``options``, or only scrubbed."""

    options: Options | None
    """None: metadata only."""
    keep_times: bool = False
    equip: Equip = equipped


@dataclass(frozen=True)
class Readiness:
    """What a process that is ready to work tells of itself."""

    models: tuple[str, ...] = ()
    """Names of the encoders, for reports."""
    fingerprint: str = ""
    """Equal only for equal detectors, encoders and weights."""


class Practice:
    """Treats photos one by one with models that were loaded once. Not for several threads."""

    def __init__(self, treatment: Treatment) -> None:
        """Load what is needed; raises as :func:`photoguard.toolbox.toolbox_for`."""
        self._treatment = treatment
        self._toolbox = None if treatment.options is None else treatment.equip(treatment.options)

    @property
    def readiness(self) -> Readiness:
        return Readiness() if self._toolbox is None else Readiness(self._toolbox.models, self._toolbox.fingerprint)

    def sight(self, source: Path, listener: ProgressListener) -> Sighting | None:
        """Who is in a photo; None where that cannot be told. Raises only ``Cancelled``."""
        from photoguard import pipeline

        options = self._treatment.options
        if options is None or self._toolbox is None:
            return None
        try:
            return pipeline.sighted(source, options, self._toolbox, listener)
        except Cancelled:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with it is told when its turn comes
            return None

    def treat(self, source: Path, destination: Path, listener: ProgressListener, cast: Cast | None = None) -> Outcome:
        """One photo; raises only ``Cancelled``."""
        from photoguard import pipeline

        options, times = self._treatment.options, self._treatment.keep_times
        if options is None or self._toolbox is None:
            return pipeline.scrub(source, destination, listener, keep_times=times)
        return pipeline.protect(source, destination, options, self._toolbox, listener, keep_times=times, cast=cast)


def fingerprint(options: Options | None, readiness: Readiness) -> bytes:
    """SHA-256 of everything besides the photo that decides what comes out.

    Seeds of personas are not part of it: they stay the same until they are forgotten, and so is the journal then.
    """
    asked = None if options is None else asdict(options)
    canonical = json.dumps([asked, readiness.fingerprint], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()
