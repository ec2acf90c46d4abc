"""Gathers findings while a file is walked, within bounds on their number, on depth and on inflated bytes."""

from __future__ import annotations

from photoguard.domain import Finding, FindingKind

_MOST_FINDINGS = 2000
_DEEPEST = 6
_LEAST_BUDGET_BYTES = 1 << 20
_SEARCHES = 12


class Collector:
    """Receives what the walkers find; one per file.

    ``wanted`` makes it keep the payload of the finding that equals it, for showing a hidden picture.
    """

    def __init__(self, size_bytes: int, wanted: Finding | None = None) -> None:
        self.findings: list[Finding] = []
        self.problems: dict[str, None] = {}
        self.orientation = 1
        self.frames = 1
        self.size: tuple[int, int] | None = None
        self.payload: bytes | None = None
        self.budget_bytes = max(_LEAST_BUDGET_BYTES, 4 * size_bytes)
        """How many more bytes may be inflated or decoded from text."""
        self._search_bytes = _SEARCHES * size_bytes + _LEAST_BUDGET_BYTES
        self._wanted = wanted
        self._depth = 0

    def add(
        self,
        kind: FindingKind,
        place: str,
        size_bytes: int,
        detail: str = "",
        *,
        size: tuple[int, int] | None = None,
        payload: bytes | memoryview | None = None,
    ) -> None:
        """Note a finding; ``size`` is (width, height) of a picture, ``payload`` its bytes as a file."""
        if len(self.findings) >= _MOST_FINDINGS:
            self.problem("too_many")
            return
        width, height = size or (None, None)
        finding = Finding(kind, place, size_bytes, width, height, detail)
        self.findings.append(finding)
        if payload is not None and finding == self._wanted and self.payload is None:
            self.payload = bytes(payload)

    def problem(self, word: str) -> None:
        self.problems[word] = None

    def spend(self, size_bytes: int) -> None:
        self.budget_bytes -= size_bytes

    def may_search(self, size_bytes: int) -> bool:
        """Whether so many more bytes may be searched; values that overlap would be searched without end."""
        self._search_bytes -= size_bytes
        if self._search_bytes < 0:
            self.problem("too_many")
        return self._search_bytes >= 0

    def enter(self) -> bool:
        """Step into a file inside the file; False where that went on too deep."""
        if self._depth >= _DEEPEST:
            self.problem("too_deep")
            return False
        self._depth += 1
        return True

    def leave(self) -> None:
        self._depth -= 1

    @property
    def is_inside(self) -> bool:
        """Whether the walk is in an embedded file, whose own orientation and size do not count."""
        return self._depth > 0
