"""One section of a check's sheet: a heading, a verdict, pictures, bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True)
class Section:
    """What the sheet says of one face, or of what editors see."""

    heading: str
    verdict: str
    is_good: bool
    notes: tuple[str, ...]
    pictures: tuple[tuple[str, Image.Image], ...]
    """(caption, picture), left to right."""
    bars: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] | None
    """(title, ((view, likeness 0..100), ...)); empty where nobody independent looked, None where it is not about likeness."""
