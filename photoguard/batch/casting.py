"""Gives faces their personas in the order in which photos came, in whatever order they were looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from photoguard.domain import Cast, Part, Sighting

Caster = Callable[[Sighting], tuple[Part | None, ...]]
"""Gives each face of a photo its part; what it says depends on the photos it was asked about before."""


class Casting:
    """The line of photos of a run, by content; with ``caster`` None nobody is looked at and every photo has its cast."""

    def __init__(self, caster: Caster | None) -> None:
        self._caster = caster
        self._line: deque[bytes] = deque()
        self._sightings: dict[bytes, Sighting | None] = {}
        self._casts: dict[bytes, Cast | None] = {}

    def expect(self, content: bytes) -> None:
        """Put a photo at the end of the line."""
        if self._caster is not None and content not in self._casts and content not in self._line:
            self._line.append(content)

    def is_unseen(self, content: bytes) -> bool:
        """Whether somebody has to look at a photo."""
        return self._caster is not None and content not in self._casts and content not in self._sightings

    def is_cast(self, content: bytes) -> bool:
        return self._caster is None or content in self._casts

    def take(self, content: bytes, sighting: Sighting | None) -> None:
        """Take over who is in a photo; those at the head of the line get their cast.

        Raises ``Failed`` where personas cannot be kept.
        """
        assert self._caster is not None
        self._sightings[content] = sighting
        while self._line and self._line[0] in self._sightings:
            first = self._line.popleft()
            seen = self._sightings.pop(first)
            # what the faces look like is not needed any more, and kept nowhere but in the store
            self._casts[first] = None if seen is None else Cast(replace(seen, looks=()), self._caster(seen))

    def cast_of(self, content: bytes) -> Cast | None:
        """None where nobody was looked at, or nobody could be seen."""
        return self._casts.get(content)

    def forget(self, content: bytes) -> None:
        """The photo has its outcome."""
        self._casts.pop(content, None)
