"""The window's font: the system's where it can show Korean, else the one that comes along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from photoguard.places import asset

FAMILY = "Photoguard Gothic"
_FILES = ("photoguard-gothic-regular.ttf", "photoguard-gothic-bold.ttf")
_BASE_PT = 10.0


def ui_font(percent: int = 100) -> QFont:
    """The font for all of the window's text at ``percent`` of the usual size. Needs an application."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if not _shows_korean(font):
        _register()
        font = QFont(FAMILY)
    font.setPointSizeF(_BASE_PT * percent / 100)
    return font


def font_files() -> tuple[Path, ...]:
    """The font's files that come with photoguard, in an installation or a checkout."""
    found = (asset("fonts", name) for name in _FILES)
    return tuple(path for path in found if path is not None)


def _shows_korean(font: QFont) -> bool:
    """Whether the system has Hangul, be it in another family that Qt takes letters from."""
    writing = QFontDatabase.WritingSystem.Korean
    return QFontMetrics(font).inFontUcs4(ord("한")) or any(
        family != FAMILY for family in QFontDatabase.families(writing)
    )


def _register() -> None:
    if FAMILY not in QFontDatabase.families():
        for file in font_files():
            QFontDatabase.addApplicationFont(str(file))
