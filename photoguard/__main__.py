"""The program: `photoguard` and `python -m photoguard`."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

STOPPED = 130


def main() -> int:
    """Run the command line; see :func:`photoguard.cli.main`."""
    _leave_quietly()
    from photoguard.cli import main as run

    return run()


def window() -> int:
    """Open the window; the entry point of the graphical program."""
    _leave_quietly()
    from photoguard.cli import window as run

    return run()


def _leave_quietly() -> None:
    """Until a command listens to Ctrl-C itself nothing has been begun, so ending at once loses nothing."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        # raising here would end as a traceback out of whatever module is being imported
        os._exit(STOPPED)

    signal.signal(signal.SIGINT, leave)


if __name__ == "__main__":
    sys.exit(main())
