"""Ctrl-C stops within two seconds, whatever the work is busy with."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from photoguard.errors import Cancelled
from photoguard.output import abandon_all

CANCELLED = 130
_PATIENCE_S = 1.5
"""How long the work may take to come to a safe point by itself after it was asked to stop."""


class StopWish:
    """Whether the user asked to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.asked_at = 0.0

    def ask(self) -> None:
        if not self._asked.is_set():
            self.asked_at = time.monotonic()
            self._asked.set()

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    def check(self) -> None:
        """Raise ``Cancelled`` when the user asked to stop."""
        if self.is_asked:
            raise Cancelled


def run_stoppably(work: Callable[[StopWish], int], on_cancel: Callable[[], None]) -> int:
    """Do ``work`` in a thread, so that signals are heard while native code runs; its exit code, or 130.

    On Ctrl-C, or SIGTERM, the wish reaches ``work`` at its next step. Where it is too deep in native code to listen
    in time, unfinished files are removed and the process ends. ``on_cancel`` says goodbye either way.
    """
    wish = StopWish()
    result: list[int | BaseException] = []

    def target() -> None:
        try:
            result.append(work(wish))
        except BaseException as error:  # noqa: BLE001 - handed over to the main thread
            result.append(error)

    former = {name: signal.signal(name, _asking(wish)) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        thread = threading.Thread(target=target, name="work", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
            if wish.is_asked and time.monotonic() - wish.asked_at > _PATIENCE_S and thread.is_alive():
                abandon_all()
                on_cancel()
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(CANCELLED)
    finally:
        for name, handler in former.items():
            signal.signal(name, handler)
    end = result[0]
    if isinstance(end, Cancelled):
        on_cancel()
        return CANCELLED
    if isinstance(end, BaseException):
        raise end
    return end


def _asking(wish: StopWish) -> Callable[[int, FrameType | None], None]:
    def handle(_signal: int, _frame: FrameType | None) -> None:
        wish.ask()

    return handle
