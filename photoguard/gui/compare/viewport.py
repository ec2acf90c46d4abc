"""Which part of a photo is seen how large: one value for both pictures, so that they can never drift apart. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

Size = tuple[float, float]
Rect = tuple[float, float, float, float]
"""(left, top, width, height)."""

FEED_WIDTH_PX = 1080
"""How wide a feed shows a photo: Instagram's full width."""
LARGEST = 16.0
_LARGEST_FIT = 4.0
_FACE_SHARE = 0.5
"""How much of the view a face takes when it is looked at."""


@dataclass(frozen=True)
class Viewport:
    """``zoom`` in screen pixels per photo pixel; ``centre`` in photo pixels, in the middle of the view."""

    zoom: float
    centre: tuple[float, float]

    @classmethod
    def fitted(cls, photo: Size, view: Size) -> Viewport:
        """All of the photo, as large as the view allows."""
        return cls(_fit(photo, view), (photo[0] / 2, photo[1] / 2))

    def sized(self, zoom: float, photo: Size, view: Size) -> Viewport:
        """Another zoom around the same centre."""
        least = min(_fit(photo, view), 1.0)
        return replace(self, zoom=min(LARGEST, max(least, zoom))).kept(photo, view)

    def zoomed(self, factor: float, at: tuple[float, float], photo: Size, view: Size) -> Viewport:
        """Larger or smaller, with what lies under the point ``at`` of the view staying there."""
        point = self.photo_point(at, view)
        least = min(_fit(photo, view), 1.0)
        zoom = min(LARGEST, max(least, self.zoom * factor))
        centre = (point[0] - (at[0] - view[0] / 2) / zoom, point[1] - (at[1] - view[1] / 2) / zoom)
        return Viewport(zoom, centre).kept(photo, view)

    def moved(self, across: float, down: float, photo: Size, view: Size) -> Viewport:
        """What is seen moves by so many screen pixels."""
        centre = (self.centre[0] - across / self.zoom, self.centre[1] - down / self.zoom)
        return replace(self, centre=centre).kept(photo, view)

    def kept(self, photo: Size, view: Size) -> Viewport:
        """The same, with no empty edge where the photo could fill it."""
        centre = tuple(
            _clamped(middle, length, room / self.zoom)
            for middle, length, room in zip(self.centre, photo, view, strict=True)
        )
        return replace(self, centre=(centre[0], centre[1]))

    def on(self, box: Rect, photo: Size, view: Size) -> Viewport:
        """Looking at ``box`` (photo pixels)."""
        zoom = min(_FACE_SHARE * view[0] / box[2], _FACE_SHARE * view[1] / box[3], LARGEST)
        return Viewport(zoom, (box[0] + box[2] / 2, box[1] + box[3] / 2)).kept(photo, view)

    def photo_rect(self, photo: Size, view: Size) -> Rect:
        """Where the whole photo lies in the view; may reach beyond it."""
        left = view[0] / 2 - self.centre[0] * self.zoom
        top = view[1] / 2 - self.centre[1] * self.zoom
        return left, top, photo[0] * self.zoom, photo[1] * self.zoom

    def photo_point(self, at: tuple[float, float], view: Size) -> tuple[float, float]:
        """The photo's point under a point of the view."""
        return (
            self.centre[0] + (at[0] - view[0] / 2) / self.zoom,
            self.centre[1] + (at[1] - view[1] / 2) / self.zoom,
        )


def feed_zoom(photo: Size) -> float:
    """The zoom at which a feed shows the photo."""
    return min(1.0, FEED_WIDTH_PX / photo[0])


def _fit(photo: Size, view: Size) -> float:
    return max(1e-3, min(view[0] / photo[0], view[1] / photo[1], _LARGEST_FIT))


def _clamped(middle: float, length: float, room: float) -> float:
    if room >= length:
        return length / 2
    return min(max(middle, room / 2), length - room / 2)
