"""How long it will take, from what was measured on this machine in this session; unknown is told as unknown."""

from __future__ import annotations

from collections.abc import Iterable

from photoguard.domain import OutcomeKind
from photoguard.gui.queue_model import Entry

_SHIELD = 1.0
"""A shield takes about as long as so many faces: docs/shield.md."""
_FACELESS = 0.2
"""A photo without a face takes about this share of one with a face: finding that out."""


class Pace:
    """Seconds per face, as measured in this session or, until then, in an earlier one (``known``; 0: never)."""

    def __init__(self, known: float = 0.0) -> None:
        self._known = known
        self._seconds = 0.0
        self._faces = 0.0

    @property
    def seconds_per_face(self) -> float:
        """0 while nothing was measured."""
        return round(self._seconds / self._faces, 2) if self._faces else self._known

    def learn(self, entry: Entry) -> None:
        """Take a finished photo into account."""
        made_now = entry.outcome is not None and entry.outcome.kind is not OutcomeKind.SKIPPED
        if made_now and entry.outcome is not None and entry.outcome.output is not None:
            self._seconds += entry.outcome.seconds
            self._faces += max(_FACELESS, float(len(entry.outcome.faces)))
            self._faces += _SHIELD if entry.outcome.shield else 0.0

    def seconds_for(self, entries: Iterable[Entry], *, is_shielding: bool = False) -> float | None:
        """For all of ``entries`` together, with a shield against editors or without; None while nothing was measured."""
        if not self.seconds_per_face:
            return None
        return self.seconds_per_face * sum(_weight(entry, is_shielding=is_shielding) for entry in entries)


def _weight(entry: Entry, *, is_shielding: bool) -> float:
    count = 1 if entry.faces is None else len(entry.faces) - len(entry.left_out) + len(entry.added)
    # where there is no face, none is asked for
    return max(_FACELESS, float(count)) + (_SHIELD if is_shielding and count else 0.0)
