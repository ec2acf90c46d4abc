"""What an administrator fixed is visible, cannot be changed, and says why; the counsellor comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from photoguard.domain import Platform, Strength
from photoguard.policy import parsed
from photoguard.settings import Naming, Settings, load_settings, ruled

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget
    from window_desk import Desk

RULES = """
network = false
least_strength = "standard"
naming = "random"
[settings]
platform = "kakaotalk"
[[help_extra]]
name = "Ms Kim, counsellor"
phone = "02-000-0000"
note = "Room 301"
"""


@pytest.fixture
def ruled_desk(app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Desk]]:
    from window_desk import open_desk

    machine = tmp_path / "machine"
    machine.mkdir()
    monkeypatch.setattr("photoguard.policy.machine_config", lambda: machine)
    opened: list[Desk] = []

    def under(rules: str) -> Desk:
        (machine / "policy.toml").write_text(rules, encoding="utf-8")
        opened.append(open_desk(app, tmp_path / "album", tmp_path / "settings.json"))
        return opened[-1]

    yield under
    for desk in opened:
        desk.window.close()
        desk.window.deleteLater()
        desk.settle()


def is_locked(widget: QWidget) -> bool:
    reason = "Whoever looks after this computer"
    says_why = widget.toolTip().startswith(reason) and widget.accessibleDescription().startswith(reason)
    return not widget.isEnabled() and says_why


def test_fixed_controls_are_visible_locked_and_say_why(ruled_desk: Callable[[str], Desk]) -> None:
    desk = ruled_desk(RULES)
    bar = desk.window.photos.start_bar
    assert not bar.platform.isHidden()
    assert is_locked(bar.platform)
    assert is_locked(bar._strengths[Strength.GENTLE])
    assert bar._strengths[Strength.STANDARD].isEnabled()
    assert is_locked(desk.window.page("models").get)
    assert desk.window.page("models").add.isEnabled()
    naming = next(one for one in desk.window.page("settings")._choices if one._field == "naming")
    assert is_locked(naming)
    desk.words.speak(type(desk.words.tongue)("ko"))
    assert "관리자" in bar.platform.toolTip()


def test_without_rules_nothing_is_locked(desk: Desk) -> None:
    bar = desk.window.photos.start_bar
    assert bar.platform.isEnabled()
    assert all(choice.isEnabled() for choice in bar._strengths.values())
    assert desk.window.page("models").get.isEnabled()


def test_what_a_user_chose_counts_again_when_the_rules_are_lifted(
    ruled_desk: Callable[[str], Desk], tmp_path: Path
) -> None:
    desk = ruled_desk("")
    desk.preferences.change(strength=Strength.GENTLE, platform=Platform.X)
    desk = ruled_desk(RULES)
    assert desk.preferences.settings.strength is Strength.STANDARD
    assert desk.preferences.settings.platform is Platform.KAKAOTALK
    desk.preferences.change(text_percent=125, platform=Platform.TELEGRAM)
    assert desk.preferences.settings.platform is Platform.KAKAOTALK
    assert load_settings(tmp_path / "settings.json").strength is Strength.GENTLE
    assert ruled_desk("").preferences.settings.platform is Platform.TELEGRAM


def test_copies_are_named_by_the_rules(tmp_path: Path) -> None:
    from photoguard.gui.destinations import destination_for

    settings = ruled(Settings(), parsed(RULES.encode()))
    assert settings.naming is Naming.RANDOM
    taken: set[str] = set()
    names = {destination_for(tmp_path / "Hong.JPG", tmp_path / "Hong.JPG", settings, taken, n).name for n in range(5)}
    assert len(names) == 5
    assert all(name.endswith(".jpg") and "hong" not in name.lower() for name in names)


def test_the_counsellor_comes_before_everybody_far_away(ruled_desk: Callable[[str], Desk]) -> None:
    from PySide6.QtWidgets import QLabel

    help_page = ruled_desk(RULES).window.page("help")
    texts = [one.text() for one in help_page.findChildren(QLabel)]
    assert "Ms Kim, counsellor" in texts
    assert "02-000-0000" in texts
    assert texts.index("Ms Kim, counsellor") < texts.index("What to do now")


def test_rules_that_cannot_be_read_are_told_instead_of_a_window(
    ruled_desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch, app: QApplication
) -> None:
    from photoguard.gui import application

    told = []
    monkeypatch.setattr(application.QMessageBox, "critical", lambda *words: told.append(words[-1]))
    ruled_desk("")
    (Path(str(application.policy.__globals__["machine_config"]())) / "policy.toml").write_text("netwrok = 1")
    assert application.run_window() == 2
    assert "policy.toml" in told[0]
