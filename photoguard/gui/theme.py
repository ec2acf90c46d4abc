"""Colours and shapes: two calm themes, every pair of text and ground at 4.5 : 1 or more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from photoguard.settings import Theme


@dataclass(frozen=True)
class Colours:
    """One theme; names say what lies on what."""

    ground: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    good: str
    good_soft: str
    care: str
    care_soft: str


LIGHT = Colours(
    ground="#f4f6f8",
    surface="#ffffff",
    raised="#eef2f5",
    line="#c5ced6",
    text="#1a2430",
    muted="#4d5b69",
    accent="#20618a",
    on_accent="#ffffff",
    accent_soft="#e1eef6",
    good="#1d6a45",
    good_soft="#e2f2e9",
    care="#7a4d05",
    care_soft="#faf0dc",
)
DARK = Colours(
    ground="#14191f",
    surface="#1c232b",
    raised="#27303a",
    line="#43505d",
    text="#e8edf2",
    muted="#aab7c4",
    accent="#8cc4e8",
    on_accent="#0d2030",
    accent_soft="#22394a",
    good="#86d3a8",
    good_soft="#1d3629",
    care="#ecc27e",
    care_soft="#3a2f1a",
)

PAIRS = (
    ("text", "ground"),
    ("text", "surface"),
    ("text", "raised"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("muted", "raised"),
    ("accent", "surface"),
    ("accent", "ground"),
    ("accent", "accent_soft"),
    ("text", "accent_soft"),
    ("muted", "accent_soft"),
    ("on_accent", "accent"),
    ("good", "surface"),
    ("good", "good_soft"),
    ("good", "accent_soft"),
    ("care", "surface"),
    ("care", "care_soft"),
    ("care", "accent_soft"),
)
"""Which colour is written on which."""


def contrast(one: str, other: str) -> float:
    """Ratio 1..21 of two colours by WCAG 2.2.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours_for(theme: Theme) -> Colours:
    """The colours of ``theme``, by the system's wish where it leaves the choice."""
    if theme is Theme.SYSTEM:
        is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if is_dark else LIGHT
    return DARK if theme is Theme.DARK else LIGHT


def wear(app: QApplication, window: QWidget, colours: Colours, percent: int = 100) -> None:
    """Dress the program and its window; ``percent`` is the size of the text.

    The sheet is the window's, not the application's: Qt applies it three times as fast.
    """
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.surface,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    app.setPalette(palette)
    sizes = {name: f"{points * percent / 100:g}pt" for name, points in _SIZES.items()}
    sizes["box"] = f"{_BOX_PX * percent // 100}px"
    window.setStyleSheet(_SHEET.substitute(asdict(colours), **sizes))


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


_SIZES = {"title": 19.0, "heading": 12.5}
"""Points at 100 %."""
_BOX_PX = 15
"""Of a box to tick, at 100 %."""

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, #page { background: $ground; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px; }
QLabel[role="title"] { font-size: $title; font-weight: 600; }
QLabel[role="heading"] { font-size: $heading; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="brand"] { font-size: $heading; font-weight: 700; color: $accent; }
QLabel[role="accent"] { color: $accent; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="good"] { color: $good; background: $good_soft; border-radius: 8px; padding: 6px 10px; font-weight: 600; }
QLabel[role="care"] { color: $care; background: $care_soft; border-radius: 8px; padding: 6px 10px; font-weight: 600; }
QLabel[role="plain"] { color: $text; background: $raised; border-radius: 8px; padding: 6px 10px; font-weight: 600; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 12px; }
QFrame[role="bar"] { background: $surface; border: none; border-top: 1px solid $line; }
QFrame[role="top"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[role="drop"] { background: $surface; border: 2px dashed $line; border-radius: 18px; }
QFrame[role="drop"][over="true"] { background: $accent_soft; border-color: $accent; }
QPushButton, QToolButton { background: $surface; border: 1px solid $line; border-radius: 8px; padding: 7px 14px; }
QPushButton:hover, QToolButton:hover { background: $raised; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus {
  border: 2px solid $accent; padding: 6px 13px; }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled { color: $muted; background: $raised; }
QPushButton:checked, QToolButton:checked { background: $accent_soft; border: 1px solid $accent; color: $text; }
QPushButton:checked:focus, QToolButton:checked:focus { border: 2px solid $accent; }
QPushButton[role="main"] { background: $accent; color: $on_accent; border: 2px solid $accent; font-weight: 600; padding: 10px 26px; }
QPushButton[role="main"]:focus { border: 2px solid $text; padding: 10px 26px; }
QPushButton[role="main"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[role="quiet"]:hover { background: $raised; }
QPushButton[role="quiet"]:focus { border: 2px solid $accent; }
QPushButton[role="quiet"]:checked { background: $accent_soft; }
QComboBox, QLineEdit, QSpinBox { background: $surface; border: 1px solid $line; border-radius: 8px; padding: 7px 12px; }
QComboBox { padding-right: 30px; }
QComboBox:focus { padding-right: 29px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $surface; color: $text; selection-background-color: $accent_soft;
  selection-color: $text; border: 1px solid $line; }
QCheckBox { spacing: 8px; padding: 4px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus { border-color: $accent; }
QCheckBox::indicator { width: $box; height: $box; border: 1px solid $muted; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:disabled { border-color: $line; background: $raised; }
QCheckBox::indicator:checked:disabled { background: $muted; border-color: $muted; }
QCheckBox:disabled { color: $muted; }
QListView { background: $surface; border: 1px solid $line; border-radius: 12px; outline: none; padding: 6px; }
QListView:focus { border: 2px solid $accent; padding: 5px; }
QProgressBar { background: $raised; border: none; border-radius: 5px; min-height: 10px; max-height: 10px; }
QProgressBar::chunk { background: $accent; border-radius: 5px; }
QScrollArea { border: none; border-top: 2px solid transparent; background: transparent; }
QScrollArea:focus { border-top-color: $accent; }
#inside { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; }
QScrollBar::handle:vertical { background: $line; border-radius: 5px; min-height: 30px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 12px; }
QScrollBar::handle:horizontal { background: $line; border-radius: 5px; min-width: 30px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 18px; height: 18px; margin: -8px 0; border-radius: 9px;
  border: 2px solid $surface; }
QSlider::handle:horizontal:focus { border: 2px solid $text; }
QSlider { min-height: 24px; }
""")
