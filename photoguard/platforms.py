"""What sharing platforms do to a photo: the sizes they allow and the JPEGs they make of it, read from platforms.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from photoguard.domain import Platform, Subsampling


@dataclass(frozen=True)
class Step:
    """One resizing and coding."""

    width: int | None = None
    """Wider photos are reduced to this width in pixels."""
    longer_side: int | None = None
    """Photos with a longer side beyond this are reduced to it."""
    exactly: int | None = None
    """Photos of every width are brought to this one, as a screen does."""
    quality: int | None = None
    """IJG quality of the JPEG; None: coded without loss."""
    subsampling: Subsampling = Subsampling.S420
    is_progressive: bool = False
    filter: str = "lanczos"
    """How it is resized: ``lanczos`` or ``bilinear``."""

    def zoom(self, size: tuple[int, int]) -> float:
        """By what factor a photo of ``size`` (width, height) is resized; 1 when it is left."""
        width, height = size
        if self.exactly:
            return self.exactly / width
        limits = [1.0]
        if self.width:
            limits.append(self.width / width)
        if self.longer_side:
            limits.append(self.longer_side / max(width, height))
        return min(limits)

    def size_after(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) in pixels of what comes out."""
        zoom = self.zoom(size)
        return max(1, round(size[0] * zoom)), max(1, round(size[1] * zoom))


@dataclass(frozen=True)
class Handling:
    """One platform's way with a photo, or one way of passing it on."""

    name: str
    steps: tuple[Step, ...]
    confidence: str
    """``code``, ``reported`` or ``chosen``: how we know."""
    source: str
    platform: Platform | None = None
    """Whose usual way this is."""

    def zoom(self, size: tuple[int, int]) -> float:
        """By what factor a photo of ``size`` (width, height) ends up resized; 1 when it is left."""
        whole = 1.0
        for step in self.steps:
            zoom = step.zoom(size)
            whole, size = whole * zoom, step.size_after(size)
        return whole

    @cached_property
    def quality(self) -> int:
        """The lowest IJG quality among the steps."""
        return min(step.quality for step in self.steps if step.quality is not None)


def _handling(table: Mapping[str, Any]) -> Handling:
    steps = tuple(
        Step(**{**step, "subsampling": Subsampling(step.get("subsampling", Subsampling.S420))})
        for step in table["steps"]
    )
    platform = Platform(table["platform"]) if "platform" in table else None
    return Handling(table["name"], steps, table["confidence"], table["source"], platform)


def _read() -> tuple[Handling, ...]:
    text = resources.files("photoguard").joinpath("platforms.toml").read_text(encoding="utf-8")
    return tuple(_handling(table) for table in tomllib.loads(text)["handling"])


WAYS = _read()
"""Every way that is looked at by the check, in the order in which it is shown."""
HANDLINGS = {way.platform: way for way in WAYS if way.platform is not None}
"""The usual way of each platform."""
