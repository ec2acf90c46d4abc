"""`photoguard models` as people use it: words, exit codes, the JSON list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_models import recogniser

from photoguard.cli import main
from photoguard.i18n import english, korean

Said = pytest.CaptureFixture[str]
FLAGS = ("--purpose", "surrogate", "--template", "arcface112", "--input", "RGB, 0..1")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOGUARD_LANG", "en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.onnx"
    path.write_bytes(recogniser())
    return path


def run(*arguments: object) -> int:
    return main(["models", *map(str, arguments)])


def test_a_model_is_brought_listed_checked_and_removed(file: Path, capsys: Said) -> None:
    assert run("import", file, *FLAGS) == 0
    assert "mine is installed." in capsys.readouterr().out
    assert run("list") == 0
    said = capsys.readouterr().out
    assert "mine: for cloaking; used only with --models mine" in said
    assert "foamliu" in said
    assert run("verify") == 0
    assert "mine: as installed" in capsys.readouterr().out
    assert run("remove", "mine") == 0
    assert run("remove", "mine") == 1
    assert "no model called mine" in capsys.readouterr().err


def test_a_damaged_model_is_told_and_the_code_says_so(file: Path, capsys: Said) -> None:
    from photoguard.packs.whereabouts import models_folder

    run("import", file, *FLAGS)
    (models_folder() / "mine" / "mine.onnx").write_bytes(b"another")
    assert run("verify") == 1
    assert "was not loaded" in capsys.readouterr().out


def test_the_list_for_programs(file: Path, capsys: Said, tmp_path: Path) -> None:
    run("import", file, *FLAGS, "--licence", "MIT")
    capsys.readouterr()
    assert run("list", "--json", "-") == 0
    listing = json.loads(capsys.readouterr().out)
    (mine,) = listing["installed"]
    assert (mine["name"], mine["purpose"], mine["licence"]) == ("mine", "surrogate", "MIT")
    assert {one["name"] for one in listing["offered"] if one["core"]} >= {"yunet", "foamliu"}
    assert run("list", "--json", tmp_path / "list.json") == 0
    assert json.loads((tmp_path / "list.json").read_text(encoding="utf-8")) == listing


def test_korean_words_on_either_side_of_the_action(capsys: Said) -> None:
    for arguments in (["--lang", "ko", "list"], ["list", "--lang", "ko"]):
        assert run(*arguments) == 0
        assert "설치됨" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [[], ["fetch"], ["get"], ["import"], ["import", "x", "--purpose", "swapper"], ["export"], ["remove"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2


def test_a_pack_with_rules_from_making_to_taking(
    file: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "policy.toml"
    rules.write_text('naming = "counter"', encoding="utf-8")
    run("import", file, *FLAGS, "--licence", "MIT")
    assert run("key", "--out", tmp_path / "school.pem") == 0
    public = capsys.readouterr().out.split()[-1]
    pack = tmp_path / "pack.zip"
    assert run("export", "--out", pack, "--policy", rules, "--sign", tmp_path / "school.pem") == 0
    assert run("export", "--out", pack) == 1
    monkeypatch.setenv("PHOTOGUARD_DATA", str(tmp_path / "another"))
    monkeypatch.setattr("photoguard.models.user_config", lambda: tmp_path / "config")
    capsys.readouterr()
    assert run("import", pack, "--key", public) == 0
    assert "--policy user" in capsys.readouterr().out
    assert run("import", pack, "--key", public, "--policy", "user") == 0
    assert (tmp_path / "config" / "policy.toml").is_file()
    assert run("import", pack, "--key", "ed25519:AAAA") == 1
    assert "key cannot be read" in capsys.readouterr().err


def test_downloads_that_rules_forbid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    (tmp_path / "policy.toml").write_text("network = false", encoding="utf-8")
    monkeypatch.setattr("photoguard.policy.machine_config", lambda: tmp_path)
    assert run("get", "yunet") == 1
    assert "switched downloads off" in capsys.readouterr().err
    (tmp_path / "policy.toml").write_text("netwrok = false", encoding="utf-8")
    assert run("get", "yunet") == 1
    assert "policy.toml" in capsys.readouterr().err


def test_both_languages_say_the_same_things() -> None:
    for name in ("PROBLEMS", "PHRASES", "HELP"):
        ours, theirs = getattr(english, name), getattr(korean, name)
        assert ours.keys() == theirs.keys()
        for key, words in ours.items():
            assert _facts(words) == _facts(theirs[key]), key


def _facts(words: str) -> set[str]:
    import string

    return {field for _, field, _, _ in string.Formatter().parse(words) if field}
