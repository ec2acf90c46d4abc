"""Judges written bytes by a strict grammar: whatever it does not name is a finding.

Shares no code with the rewriters and encoders it judges. Where the input goes on beyond the grammar,
the rest is one finding: a judge need not understand what it rejects.
"""

from __future__ import annotations

from collections.abc import Callable

from photoguard.domain import Finding
from photoguard.proof.gif_grammar import judge_gif
from photoguard.proof.jpeg_grammar import judge_jpeg
from photoguard.proof.png_grammar import judge_png
from photoguard.proof.verdict import Residue
from photoguard.proof.webp_grammar import judge_webp

_JUDGES: tuple[tuple[bytes, Callable[[bytes, bool, Residue], None]], ...] = (
    (b"\xff\xd8", judge_jpeg),
    (b"\x89PNG\r\n\x1a\n", judge_png),
    (b"RIFF", judge_webp),
    (b"GIF89a", judge_gif),
)


def residue(data: bytes, allow_orientation: bool) -> tuple[Finding, ...]:
    """Return all that a written JPEG, PNG, WebP or GIF holds besides its picture; empty means clean.

    Allowed beside the coded pixels: colour numbers in canonical form, the animation's timing, and with
    ``allow_orientation`` an Exif block of exactly that one tag, 2..8. A file of any other format is one
    finding. Never fails.
    """
    found = Residue(len(data))
    for start, judge in _JUDGES:
        if data.startswith(start):
            judge(data, allow_orientation, found)
            return found.findings
    found.add("file", 0, len(data))
    return found.findings
