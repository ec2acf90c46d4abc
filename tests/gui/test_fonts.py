"""The font that comes along, for machines that have none for Korean."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication

from photoguard.gui import fonts
from photoguard.help import contacts
from photoguard.i18n import details, english, korean, window_english, window_korean


def forms(words: str | tuple[str, str]) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


def test_it_has_every_letter_of_both_catalogues_and_all_common_syllables(app: QApplication) -> None:
    texts = [
        form for module in (window_english, window_korean) for words in module.WORDS.values() for form in forms(words)
    ]
    texts += [*window_english.PROBLEMS.values(), *window_korean.PROBLEMS.values()]
    for module in (english, korean):
        for name in ("PROBLEMS", "KINDS", "OUTCOMES", "STAGES", "NOTES"):
            texts += getattr(module, name).values()
    texts += [word for pair in details.WORDS.values() for word in pair]
    for contact in contacts():
        texts += [*contact.name.values(), *contact.purpose.values(), *(contact.phone_note or {}).values()]
    letters = {ord(letter) for text in texts for letter in text if letter != "\n"}
    pairs = (bytes([high, low]) for high in range(0xB0, 0xC9) for low in range(0xA1, 0xFF))
    letters |= {ord(pair.decode("euc_kr")) for pair in pairs}
    files = fonts.font_files()
    assert len(files) == 2
    for file in files:
        font = QRawFont(str(file), 12.0)
        assert [chr(letter) for letter in sorted(letters) if not font.supportsCharacter(letter)] == []


def test_where_the_system_has_no_korean_it_is_taken(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_shows_korean", lambda _font: False)
    font = fonts.ui_font(150)
    assert font.family() == fonts.FAMILY
    assert font.pointSizeF() == 15.0
    assert QFontMetrics(font).inFontUcs4(ord("한"))
