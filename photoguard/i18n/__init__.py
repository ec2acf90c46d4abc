"""All words that people read, in English and Korean."""

from photoguard.i18n.wording import (
    Language,
    finding_words,
    kind_words,
    language,
    outcome_words,
    phrase,
    sentence,
    stage_words,
)

__all__ = [
    "Language",
    "finding_words",
    "kind_words",
    "language",
    "outcome_words",
    "phrase",
    "sentence",
    "stage_words",
]
