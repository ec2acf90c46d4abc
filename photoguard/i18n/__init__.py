"""All words that people read, in English and Korean."""

from photoguard.i18n.check import check_words, verdict_words, whose_words
from photoguard.i18n.shield import shield_words
from photoguard.i18n.window import window_sentence, window_words
from photoguard.i18n.wording import (
    Language,
    finding_words,
    help_text,
    kind_words,
    language,
    note_words,
    outcome_words,
    phrase,
    sentence,
    stage_words,
)

__all__ = [
    "Language",
    "check_words",
    "finding_words",
    "help_text",
    "kind_words",
    "language",
    "note_words",
    "outcome_words",
    "phrase",
    "sentence",
    "shield_words",
    "stage_words",
    "verdict_words",
    "whose_words",
    "window_sentence",
    "window_words",
]
