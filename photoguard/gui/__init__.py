"""The window. Nothing is imported here, so that the command line stays light."""

from __future__ import annotations

from collections.abc import Sequence


def main(paths: Sequence[str] = (), *, is_selftest: bool = False) -> int:
    """Open the window with ``paths`` in its list, or examine it; the exit code.

    Raises ``UsageMistake(NEEDS_WINDOW)`` where PySide6 is not installed.
    """
    from photoguard.errors import ProblemCode, UsageMistake

    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise UsageMistake(ProblemCode.NEEDS_WINDOW) from error
    if is_selftest:
        from photoguard.gui.selftest import run_selftest

        return run_selftest()
    from photoguard.gui.application import run_window

    return run_window(paths)
