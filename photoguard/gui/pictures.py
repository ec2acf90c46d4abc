"""The engine's pictures as Qt's."""

from __future__ import annotations

from PySide6.QtGui import QImage

from photoguard.worker.messages import Picture


def image_of(picture: Picture) -> QImage:
    """An image over the picture's own bytes: the caller keeps ``picture`` as long as the image."""
    return QImage(picture.rgb, picture.width, picture.height, picture.width * 3, QImage.Format.Format_RGB888)


def own_image(picture: Picture | None) -> QImage | None:
    """An image with bytes of its own."""
    return None if picture is None else image_of(picture).copy()
