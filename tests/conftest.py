"""What every test may use: where the local-only material lies, and how to skip without it."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import small_practice
from hypothesis import settings

from photoguard.cloak import PRESETS

# on a busy computer even an empty function may take a fifth of a second
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

small_practice.takes_few_steps = True


def _shared() -> Path:
    named = os.environ.get("PHOTOGUARD_SHARED")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("PHOTOGUARD_HEAVY") != "1":
        skipped = pytest.mark.skip(reason="takes many minutes: set PHOTOGUARD_HEAVY=1")
        for item in items:
            if item.get_closest_marker("heavy") is not None:
                item.add_marker(skipped)


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


@pytest.fixture(scope="session")
def portrait() -> Path:
    """A public-domain portrait (512 x 512 PNG, one frontal face about 83 px wide); skips without scikit-image."""
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("no sample portrait: pip install 'photoguard[demo]'")
    return Path(spec.submodule_search_locations[0]) / "data" / "astronaut.png"


@pytest.fixture(autouse=True)
def _nothing_installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models and rules of the computer that the tests run on have no part in them."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PHOTOGUARD_DATA", str(home / "data"))
    monkeypatch.setattr("photoguard.policy.machine_config", lambda: home / "machine")
    monkeypatch.setattr("photoguard.policy.user_config", lambda: home / "user")


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cloaks take a moment, and the same in every test, whichever ran before: a test that wants more steps says so."""
    for strength, preset in PRESETS.items():
        monkeypatch.setitem(
            PRESETS, strength, replace(preset, most_steps=min(small_practice.FEW_STEPS, preset.most_steps))
        )
