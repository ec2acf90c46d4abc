"""What every test may use: where the local-only material lies, and how to skip without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _shared() -> Path:
    named = os.environ.get("PHOTOGUARD_SHARED")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party test material; skips where it is absent."""
    folder = _shared()
    if not folder.is_dir():
        pytest.skip(f"no test material: set PHOTOGUARD_SHARED or put it at {folder}")
    return folder


@pytest.fixture(scope="session")
def portraits(shared: Path) -> Path:
    folder = shared / "photos" / "portraits"
    if not folder.is_dir():
        pytest.skip(f"no portraits at {folder}")
    return folder


@pytest.fixture(scope="session")
def metadata_corpus(shared: Path) -> Path:
    folder = shared / "corpus" / "metadata"
    if not folder.is_dir():
        pytest.skip(f"no metadata corpus at {folder}")
    return folder


@pytest.fixture(scope="session")
def model_files(shared: Path) -> Path:
    folder = shared / "models"
    if not folder.is_dir():
        pytest.skip(f"no model files at {folder}")
    return folder
