"""The look of every progress bar on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn


def bars() -> Progress:
    """Bars on the error stream, each with a description and a ``note``; both are shown as they are, without markup."""
    console = Console(stderr=True, highlight=False)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[note]}", markup=False),
        console=console,
        transient=True,
        # elsewhere than on a terminal even an invisible bar leaves an empty line behind
        disable=not console.is_terminal,
    )
