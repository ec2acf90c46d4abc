"""The scripts in packaging/ are no package; they are loaded by their path, with their neighbours in reach."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project() -> Path:
    return PROJECT


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Loads a script of packaging/ by its place in it."""
    before = set(sys.modules)

    def load(place: str) -> ModuleType:
        path = PROJECT / "packaging" / place
        monkeypatch.syspath_prepend(path.parent)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, path.stem, module)
        spec.loader.exec_module(module)
        return module

    yield load
    for name in {"contents", "components", "licences", "sbom"} & (set(sys.modules) - before):
        del sys.modules[name]
