"""Draws a check's sheet as one PNG, for those who pass pictures on rather than pages."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from photoguard.cli.check_pictures import SIDE
from photoguard.cli.check_section import Section
from photoguard.cli.check_sheet import PNG_MARK, Sheet
from photoguard.i18n import check_words
from photoguard.places import asset

_WIDTH, _EDGE, _GAP = 1060, 40, 20
_INK, _MUTED, _LINE, _SOFT, _BAR = "#1d2430", "#5a6372", "#d5d9e0", "#eceff4", "#5b6b8c"
_GOOD, _REST = "#1b7f4b", "#8a6100"
_TITLE, _HEADING, _TEXT, _SMALL = 34, 24, 20, 17


class _Pen:
    """Writes downwards; ``bottom`` is where the next thing goes."""

    def __init__(self, canvas: Image.Image) -> None:
        self.canvas = canvas
        self.pen = ImageDraw.Draw(canvas)
        self.bottom = _EDGE

    def write(self, text: str, size: int, *, colour: str = _INK, is_bold: bool = False, left: int = _EDGE) -> None:
        font = _font(size, is_bold=is_bold)
        for line in _wrapped(text, font, _WIDTH - left - _EDGE):
            self.pen.text((left, self.bottom), line, fill=colour, font=font)
            self.bottom += round(size * 1.42)
        self.bottom += 4


def drawn(sheet: Sheet) -> bytes:
    """The sheet as a PNG file, 1060 pixels wide and as high as it needs."""
    # drawn twice: the first time only to know how high it gets
    trial = _Pen(Image.new("RGB", (_WIDTH, 16)))
    _draw(trial, sheet)
    pen = _Pen(Image.new("RGB", (_WIDTH, trial.bottom + _EDGE), "white"))
    _draw(pen, sheet)
    coded, info = io.BytesIO(), PngInfo()
    info.add_text(*PNG_MARK)
    pen.canvas.save(coded, "PNG", pnginfo=info, optimize=True)
    return coded.getvalue()


def _draw(pen: _Pen, sheet: Sheet) -> None:
    pen.write(sheet.title, _TITLE, is_bold=True)
    for line in sheet.lines:
        pen.write(line, _TEXT)
    for section in sheet.sections:
        pen.bottom += _GAP
        pen.pen.line((_EDGE, pen.bottom, _WIDTH - _EDGE, pen.bottom), fill=_LINE, width=2)
        pen.bottom += _GAP
        _draw_section(pen, section, sheet)
    pen.bottom += _GAP
    pen.pen.line((_EDGE, pen.bottom, _WIDTH - _EDGE, pen.bottom), fill=_LINE, width=2)
    pen.bottom += _GAP
    for line in sheet.small:
        pen.write(line, _SMALL, colour=_MUTED)


def _draw_section(pen: _Pen, section: Section, sheet: Sheet) -> None:
    pen.write(section.heading, _TEXT, colour=_MUTED)
    pen.write(section.verdict, _HEADING, colour=_GOOD if section.is_good else _REST, is_bold=True)
    for note in section.notes:
        pen.write(note, _SMALL, colour=_MUTED)
    pen.bottom += _GAP // 2
    for column, (caption, picture) in enumerate(section.pictures):
        left = _EDGE + column * (SIDE + _GAP)
        pen.canvas.paste(picture, (left, pen.bottom))
        pen.pen.text((left, pen.bottom + SIDE + 6), caption, fill=_MUTED, font=_font(_SMALL))
    pen.bottom += SIDE + 2 * _GAP
    if section.bars is None:
        return
    if not section.bars:
        pen.write(check_words("no_figures", sheet.tongue), _SMALL, colour=_MUTED)
        return
    for title, bars in section.bars:
        pen.write(title, _TEXT, is_bold=True)
        for view, value in bars:
            _draw_bar(pen, view, value)
        pen.bottom += _GAP // 2


def _draw_bar(pen: _Pen, view: str, value: float) -> None:
    left, right, top = _EDGE + 260, _WIDTH - _EDGE - 60, pen.bottom + 5
    pen.pen.text((_EDGE, pen.bottom), view, fill=_INK, font=_font(_SMALL))
    pen.pen.rounded_rectangle((left, top, right, top + 14), 7, fill=_SOFT)
    if value >= 1:
        pen.pen.rounded_rectangle((left, top, left + max(14, (right - left) * value / 100), top + 14), 7, fill=_BAR)
    middle = (left + right) // 2
    for dash in range(top - 3, top + 17, 6):
        pen.pen.line((middle, dash, middle, dash + 3), fill=_INK, width=2)
    pen.pen.text((right + 16, pen.bottom), f"{value:.0f}", fill=_INK, font=_font(_SMALL))
    pen.bottom += 27


def _wrapped(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    """Lines no wider than ``width`` pixels, broken between words; a longer word is broken anywhere."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


@cache
def _font(size: int, *, is_bold: bool = False) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes along, which shows Korean; Pillow's own where it was not brought along."""
    file = asset("fonts", f"photoguard-gothic-{'bold' if is_bold else 'regular'}.ttf")
    return ImageFont.load_default(size) if file is None else ImageFont.truetype(str(file), size)
