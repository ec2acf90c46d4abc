"""Settings: kept whole, read with care."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from photoguard.domain import Platform, Strength
from photoguard.settings import Naming, Settings, Theme, load_settings, save_settings, settings_path


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    settings = Settings(
        "ko",
        Strength.STRONG,
        Platform.KAKAOTALK,
        Theme.DARK,
        Naming.COUNTER,
        "/somewhere",
        1,
        150,
        3.25,
        is_welcomed=True,
    )
    save_settings(settings, tmp_path / "deep" / "settings.json")
    assert load_settings(tmp_path / "deep" / "settings.json") == settings


def test_without_a_file_everything_is_as_by_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.json") == Settings()


@pytest.mark.parametrize("text", ["", "nonsense", "[1, 2]", '{"version": 1, "strength": ', "null", '"x"'])
def test_a_broken_file_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.json").write_text(text)
    assert load_settings(tmp_path / "s.json") == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "xx"),
        ("strength", "huge"),
        ("platform", 3),
        ("threads", -1),
        ("threads", True),
        ("threads", "2"),
        ("text_percent", 20),
        ("is_welcomed", "yes"),
        ("out", 7),
        ("seconds_per_face", -1.0),
    ],
)
def test_a_value_that_makes_no_sense_is_as_by_default_and_the_others_stay(
    tmp_path: Path, name: str, value: object
) -> None:
    document = asdict(replace(Settings(), theme=Theme.DARK)) | {name: value, "unknown": 1}
    (tmp_path / "s.json").write_text(json.dumps(document))
    assert load_settings(tmp_path / "s.json") == replace(Settings(), theme=Theme.DARK)


def test_the_place_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PHOTOGUARD_SETTINGS", str(tmp_path / "mine.json"))
    assert settings_path() == tmp_path / "mine.json"
