"""Draws assets/icon/photoguard.svg at the sizes and in the formats that each system wants.

    QT_QPA_PLATFORM=offscreen python packaging/icons/make_icons.py build/icons

Needs PySide6-Essentials (its QtSvg is no part of the program) and Pillow.
"""  # noqa: INP001

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image

SOURCE = Path(__file__).resolve().parents[2] / "assets" / "icon" / "photoguard.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_WINDOWS = (16, 24, 32, 48, 64, 128, 256)


def make_icons(out: Path) -> None:
    """Write ``photoguard-SIZE.png``, ``photoguard.ico`` and ``photoguard.icns`` into ``out``."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        _draw(size, out / f"photoguard-{size}.png")
    drawn = {size: Image.open(out / f"photoguard-{size}.png") for size in SIZES}
    largest = drawn[max(SIZES)]
    largest.save(
        out / "photoguard.ico",
        sizes=[(size, size) for size in _WINDOWS],
        append_images=[drawn[size] for size in _WINDOWS],
    )
    largest.save(out / "photoguard.icns", append_images=[drawn[size] for size in SIZES[:-1]])


def _draw(size: int, target: Path) -> None:
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    _app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    if not image.save(str(target)):
        raise SystemExit(f"{target} cannot be written")


if __name__ == "__main__":
    make_icons(Path(sys.argv[1] if len(sys.argv) > 1 else "build/icons"))
