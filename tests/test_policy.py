"""Rules of an administrator: read to the last word, the machine's before the user's, heeded by the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from photoguard import policy as rules
from photoguard.domain import Options, OutputFormat, Platform, Strength
from photoguard.errors import Failed, ProblemCode
from photoguard.packs.whereabouts import models_folder
from photoguard.policy import HelpContact, Policy, merged, parsed, read

WHOLE = """
version = 1
network = false
models = "/srv/photoguard/models"
pack_key = "ed25519:AAAA"
least_strength = "standard"
naming = "random"
accepted_licences = ["InsightFace-research"]
[settings]
platform = "kakaotalk"
format = "jpeg"
[[help_extra]]
name = "상담실"
phone = "02-000-0000"
note = "3층"
"""


def test_all_rules_are_read() -> None:
    one = parsed(WHOLE.encode())
    assert not one.network
    assert one.models == Path("/srv/photoguard/models")
    assert (one.pack_key, one.naming, one.least_strength) == ("ed25519:AAAA", "random", Strength.STANDARD)
    assert one.help_extra == (HelpContact("상담실", "02-000-0000", note="3층"),)
    assert one.locked == {"network", "models", "naming", "platform", "format"}


def test_notepads_mark_at_the_beginning_is_no_mistake() -> None:
    assert not parsed(b"\xef\xbb\xbfnetwork = false\r\n").network


@pytest.mark.parametrize(
    "text",
    [
        "networks = false",
        'network = "no"',
        "network = 0",
        'models = "relative/path"',
        'models = ""',
        'least_strength = "hard"',
        'naming = "secret"',
        'accepted_licences = "all"',
        "accepted_licences = [1]",
        "help_extra = [1]",
        'help_extra = [{ phone = "1" }]',
        'help_extra = [{ name = "a", fax = "1" }]',
        '[settings]\nstrength = "hard"',
        '[settings]\ncolour = "red"',
        "settings = 1",
        "[[",
        "\0",
        "x = " + "[" * 5000,
    ],
)
def test_a_slip_of_the_pen_is_told_and_never_passed_over(text: str) -> None:
    with pytest.raises(Failed) as caught:
        parsed(text.encode())
    assert caught.value.problem.code is ProblemCode.POLICY_BROKEN


def test_without_a_file_nothing_is_fixed(tmp_path: Path) -> None:
    assert read(tmp_path / "none.toml") == Policy()
    (tmp_path / "folder").mkdir()
    with pytest.raises(Failed):
        read(tmp_path / "folder")
    assert Policy().locked == frozenset()


def test_the_machines_rules_stand_and_the_users_add_to_them() -> None:
    machine = parsed(
        b'network = false\nleast_strength = "standard"\n[settings]\nplatform = "x"\n[[help_extra]]\nname = "a"'
    )
    user = parsed(
        b'network = true\nleast_strength = "gentle"\nnaming = "counter"\n[settings]\nplatform = "any"\nformat = "png"\n'
        b'[[help_extra]]\nname = "b"'
    )
    both = merged(machine, user)
    assert not both.network
    assert both.least_strength is Strength.STANDARD
    assert both.naming == "counter"
    assert both.settings == {"platform": "x", "format": "png"}
    assert [one.name for one in both.help_extra] == ["a", "b"]
    # a user can bind himself further, never less
    assert merged(Policy(), parsed(b"network = false")).network is False
    assert merged(machine, parsed(b'least_strength = "strong"')).least_strength is Strength.STRONG


def test_options_are_what_the_rules_make_of_them() -> None:
    one = parsed(WHOLE.encode())
    asked = Options(strength=Strength.GENTLE, platform=Platform.X, output_format=OutputFormat.PNG)
    got = one.options(asked)
    assert (got.strength, got.platform, got.output_format) == (Strength.STANDARD, Platform.KAKAOTALK, OutputFormat.JPEG)
    assert one.options(Options(strength=Strength.STRONG)).strength is Strength.STRONG
    assert Policy().options(asked) == asked


def test_models_lie_where_the_rules_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = tmp_path / "machine"
    machine.mkdir()
    monkeypatch.setattr(rules, "machine_config", lambda: machine)
    assert models_folder().name == "models"
    (machine / "policy.toml").write_text(f"models = {str(tmp_path / 'shared')!r}", encoding="utf-8")
    assert models_folder() == tmp_path / "shared"
