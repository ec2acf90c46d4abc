"""Factories of the engines, importable without loading them: what they need is imported in their own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photoguard.worker.server import Engine


def reading() -> Engine:
    """The light engine: looks and finds faces."""
    from photoguard.worker.reading import reading_engine

    return reading_engine()


def keeping() -> Engine:
    """The engine that fetches and installs models."""
    from photoguard.worker.keeping import keeping_engine

    return keeping_engine()


def cloaking(threads: int = 0) -> Engine:
    """The heavy engine, with ``threads`` of the processor at most; 0: as many as there are."""
    from photoguard.worker.cloaking import cloaking_engine

    return cloaking_engine(threads)
