"""Gives faces their personas when everybody in a round of photos was met, in the order in which the photos came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from photoguard.domain import Cast, Part, Sighting

ROUND = 200
"""Photos in which everybody is met before the first of them is changed: one to four minutes of looking (docs/folders.md)."""

Caster = Callable[[Sighting], tuple[Part | None, ...]]
"""Gives each face of a photo its part, and knows it from then on; what it says depends on the photos it was asked about before.

Asked twice about each photo: when its turn to be met has come, and when its cast is needed. By then it knows what the people look
like on all photos of the round, so that the first photo of a person is moved away from the others as well (docs/folders.md).
"""


class Casting:
    """The line of photos of a run, by content; with ``caster`` None nobody is looked at and nobody has a cast."""

    def __init__(self, caster: Caster | None) -> None:
        self._caster = caster
        self._line: deque[bytes] = deque()
        self._sightings: dict[bytes, Sighting | None] = {}

    @property
    def is_needed(self) -> bool:
        """Whether photos have to be looked at."""
        return self._caster is not None

    @property
    def has_met_all(self) -> bool:
        """Whether nobody in the line is left to be met."""
        return not self._line

    def expect(self, content: bytes) -> None:
        """Put a photo at the end of the line."""
        if self.is_unseen(content) and content not in self._line:
            self._line.append(content)

    def is_unseen(self, content: bytes) -> bool:
        """Whether somebody has to look at a photo."""
        return self._caster is not None and content not in self._sightings

    def take(self, content: bytes, sighting: Sighting | None) -> None:
        """Take over who is in a photo."""
        self._sightings[content] = sighting

    def meet(self) -> None:
        """Meet those at the head of the line who were looked at. Raises ``Failed`` where personas cannot be kept."""
        while self._caster is not None and self._line and self._line[0] in self._sightings:
            seen = self._sightings[self._line.popleft()]
            if seen is not None:
                self._caster(seen)

    def cast_of(self, content: bytes) -> Cast | None:
        """By all who were met so far; None where nobody was looked at, or nobody could be seen. Raises as :meth:`meet`."""
        seen = self._sightings.get(content)
        if self._caster is None or seen is None:
            return None
        # what the faces look like stays in this process and in the store
        return Cast(replace(seen, looks=()), self._caster(seen))

    def forget(self, content: bytes) -> None:
        """The photo has its outcome."""
        self._sightings.pop(content, None)
