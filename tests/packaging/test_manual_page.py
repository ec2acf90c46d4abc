"""The manual page says what the command line does, all of it, in both languages."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from photoguard.cli.parser import parser_for
from photoguard.i18n import Language

Load = Callable[[str], ModuleType]


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            announced = {one.dest for one in action._choices_actions}
            for name, command in action.choices.items():
                if name in announced:
                    yield name
                    yield from _options(command)
        elif not isinstance(action, argparse._HelpAction):
            yield from action.option_strings


def _plain(page: str) -> str:
    return re.sub(r"\\f[BIR]", "", page).replace(r"\-", "-").replace(r"\e", "\\")


@pytest.mark.parametrize("tongue", [*Language])
def test_every_command_and_option_is_on_the_page(script: Load, tongue: Language) -> None:
    page = _plain(script("linux/manual_page.py").manual_page(tongue))
    missing = [option for option in _options(parser_for(tongue)) if option not in page]
    assert not missing
    assert "%(" not in page


@pytest.mark.parametrize("tongue", [*Language])
def test_the_page_is_sound_roff(script: Load, tongue: Language) -> None:
    mandoc = shutil.which("mandoc")
    if mandoc is None:
        pytest.skip("no mandoc")
    page = script("linux/manual_page.py").manual_page(tongue)
    said = subprocess.run(
        [mandoc, "-T", "lint", "-W", "error"], input=page, capture_output=True, text=True, check=False
    )
    assert said.stdout == ""
