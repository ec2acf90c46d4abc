"""Both pictures as Qt's, with smaller ones for small views."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from photoguard.gui.pictures import image_of
from photoguard.worker.messages import PairShown, Picture


@dataclass(frozen=True, eq=False)
class Pair:
    """Before and after, of equal size."""

    before: QImage
    after: QImage
    small: tuple[QImage, QImage] | None
    """Both reduced for views of the whole photo; None where that is small anyway."""
    is_reduced: bool
    """Whether the files hold more pixels than are shown."""
    pixels: tuple[Picture, ...]
    """Keeps the bytes alive that the images show."""

    @property
    def size(self) -> tuple[int, int]:
        return self.before.width(), self.before.height()

    def image(self, zoom: float, *, is_after: bool) -> QImage:
        """The picture to draw from at ``zoom``: the small one where it is enough."""
        if self.small is not None and self.small[0].width() >= zoom * self.before.width():
            return self.small[1 if is_after else 0]
        return self.after if is_after else self.before


def pair_of(shown: PairShown) -> Pair:
    """The engine's answer as images that share its memory."""
    pixels = [shown.before, shown.after]
    small = None
    if shown.small is not None:
        pixels += shown.small
        small = image_of(shown.small[0]), image_of(shown.small[1])
    return Pair(image_of(shown.before), image_of(shown.after), small, shown.is_reduced, tuple(pixels))
