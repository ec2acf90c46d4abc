"""`photoguard forget`: erases the notes on which photos were worked on, and the personas."""

from __future__ import annotations

from photoguard.batch.forgetting import forget
from photoguard.i18n import Language, phrase
from photoguard.places import user_state


def run_forget(tongue: Language) -> int:
    """Erase journal and personas; 0 also where there were none."""
    print(phrase("forgotten" if forget(user_state()) else "nothing_to_forget", tongue))
    return 0
