"""`photoguard forget`: erases the notes on which photos were worked on."""

from __future__ import annotations

from photoguard.batch.journal import forget
from photoguard.i18n import Language, phrase
from photoguard.places import user_state


def run_forget(tongue: Language) -> int:
    """Erase the journal; 0 also where there was none."""
    print(phrase("forgotten" if forget(user_state()) else "nothing_to_forget", tongue))
    return 0
