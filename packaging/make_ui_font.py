"""Makes assets/fonts from NanumBarunGothic (Debian's fonts-nanum): the window's font where a machine has none for Korean.

    pip install fonttools && apt-get install fonts-nanum && python packaging/make_ui_font.py

Kept are Latin letters, signs, and the 2,350 syllables of KS X 1001; rarer syllables come from the system. The OFL asks
that a changed font has another name.
"""  # noqa: INP001

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

_SOURCE = Path("/usr/share/fonts/truetype/nanum")
_TARGET = Path(__file__).resolve().parents[1] / "assets" / "fonts"
_FAMILY = "Photoguard Gothic"
_WEIGHTS = {"NanumBarunGothic.ttf": "Regular", "NanumBarunGothicBold.ttf": "Bold"}
_NAMES_KEPT = {0, 5, 7, 13, 14}
"""Copyright, version, trademark, licence and its address."""


def main() -> None:
    """Write both weights."""
    for file, weight in _WEIGHTS.items():
        font = TTFont(_SOURCE / file)
        options = subset.Options()
        options.hinting = False  # at today's resolutions it only costs bytes
        options.layout_features = ["kern", "liga"]
        options.drop_tables += ["FFTM"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=_characters())
        subsetter.subset(font)
        _rename(font, weight)
        _TARGET.mkdir(parents=True, exist_ok=True)
        font.save(_TARGET / f"photoguard-gothic-{weight.lower()}.ttf")


def _characters() -> list[int]:
    pairs = (bytes([high, low]) for high in range(0xB0, 0xC9) for low in range(0xA1, 0xFF))
    syllables = [ord(pair.decode("euc_kr")) for pair in pairs]
    letters = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x3131, 0x3164)]
    signs = [*range(0x2010, 0x2040), 0x2190, 0x2191, 0x2192, 0x2193, *range(0x3000, 0x3016)]
    return letters + signs + syllables


def _rename(font: TTFont, weight: str) -> None:
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in _NAMES_KEPT]
    postscript = f"{_FAMILY.replace(' ', '')}-{weight}"
    for number, text in ((1, _FAMILY), (2, weight), (3, postscript), (4, f"{_FAMILY} {weight}"), (6, postscript)):
        table.setName(text, number, 3, 1, 0x409)
        table.setName(text, number, 1, 0, 0)


if __name__ == "__main__":
    main()
