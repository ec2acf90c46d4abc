"""Erases all that is noted down between runs: which photos were worked on, and the personas."""

from __future__ import annotations

from pathlib import Path

from photoguard.batch import journal
from photoguard.personas import forgetting


def forget(folder: Path) -> bool:
    """Erase journal and personas in ``folder``; whether there were any. Raises ``Failed`` JOURNAL_UNAVAILABLE."""
    # both, whatever the first one says
    return any([journal.forget(folder), forgetting.forget(folder)])
