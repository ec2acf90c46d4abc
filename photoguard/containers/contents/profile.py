"""Notes a colour profile, unless it is nothing but colour numbers."""

from __future__ import annotations

from photoguard.containers import icc
from photoguard.containers.contents.collector import Collector
from photoguard.domain import FindingKind

_COMPONENTS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}


def collect_profile(data: bytes, place: str, into: Collector) -> None:
    """Note an ICC profile: its description, dates and maker tell which device or program made the file."""
    components = _COMPONENTS.get(data[16:20], 0)
    if data and icc.canonical(data, components).profile != data:
        into.add(FindingKind.COLOUR, place, len(data), "profile")
