"""What sharing platforms do to a photo: the longer side they allow and the JPEG they make of it.

Only Telegram's figures come from its published code; the others are what vendors and testers report.
"""

from __future__ import annotations

from dataclasses import dataclass

from photoguard.domain import Platform


@dataclass(frozen=True)
class Handling:
    """One platform's way with a photo. Chroma is always sampled 4:2:0."""

    width: int | None
    """Wider photos are reduced to this width in pixels."""
    longer_side: int | None
    """Photos with a longer side beyond this are reduced to it."""
    quality: int
    """IJG quality of the JPEG it makes."""

    def zoom(self, size: tuple[int, int]) -> float:
        """By what factor a photo of ``size`` (width, height) is reduced; 1 when it is left."""
        width, height = size
        limits = [1.0]
        if self.width:
            limits.append(self.width / width)
        if self.longer_side:
            limits.append(self.longer_side / max(width, height))
        return min(limits)


HANDLINGS = {
    Platform.ANY: Handling(1080, None, 75),  # like Instagram's, the hardest of the common ones
    Platform.INSTAGRAM: Handling(1080, None, 75),  # reported
    Platform.KAKAOTALK: Handling(None, 1440, 75),  # reported, "standard"
    Platform.TELEGRAM: Handling(None, 1280, 80),  # Android's code; the desktop's is 1280, 87
    Platform.WHATSAPP: Handling(None, 1600, 75),  # reported
    Platform.FACEBOOK: Handling(None, 2048, 75),  # reported
    Platform.X: Handling(None, 2048, 85),  # reported
}
