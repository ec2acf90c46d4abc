"""Makes the manual page photoguard(1) from the command line's own parser.

Run as `python packaging/linux/manual_page.py en > photoguard.1`.
"""  # noqa: INP001

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from photoguard import __version__
from photoguard.cli.parser import parser_for
from photoguard.i18n import Language

_HEADINGS = {
    Language.ENGLISH: ("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "FILES", "EXIT STATUS"),
    Language.KOREAN: ("이름", "사용법", "설명", "명령", "옵션", "파일", "종료 코드"),
}
_ONE_LINE = {
    Language.ENGLISH: "protects photos before they are posted",
    Language.KOREAN: "사진을 올리기 전에 보호해요",
}
_FILES = {
    "/etc/photoguard/policy.toml": {
        Language.ENGLISH: "What an administrator fixed for everybody on this computer.",
        Language.KOREAN: "관리자가 이 컴퓨터의 모두에게 정해 둔 것.",
    },
    "~/.local/share/photoguard": {
        Language.ENGLISH: "Models that were brought in later. PHOTOGUARD_DATA names another folder.",
        Language.KOREAN: "나중에 가져온 모델. PHOTOGUARD_DATA로 다른 폴더를 정할 수 있어요.",
    },
}


def manual_page(tongue: Language) -> str:
    """The page in roff, for ``man``."""
    # a name in place of what this computer would say of itself
    os.environ["COLUMNS"] = "100"
    parser = parser_for(tongue)
    name, synopsis, description, commands, options, files, status = (f'.SH "{one}"' for one in _HEADINGS[tongue])
    lines = [
        f'.TH PHOTOGUARD 1 "" "photoguard {__version__}" ""',
        *(name, f"photoguard \\- {_roff(_ONE_LINE[tongue])}"),
        *(synopsis, ".B photoguard", r"[\fICOMMAND\fR] [\fIOPTION\fR]..."),
        *(description, _roff(parser.description or "")),
        *(options, *_options(parser)),
        commands,
    ]
    for path, command, summary in _commands(parser):
        lines += [f'.SS "photoguard {path}"', _roff(summary), *_options(command)]
    lines.append(files)
    for place, words in _FILES.items():
        lines += [".TP", f".I {_roff(place)}", _roff(words[tongue])]
    lines += [status, _roff((parser.epilog or "").split(":", 1)[-1].strip())]
    return "\n".join(lines) + "\n"


def _commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Every command and what lies below it, as it is typed; those that are not announced are left out."""
    for action in parser._actions:  # noqa: SLF001 - argparse shows its options nowhere else
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            continue
        for announced in action._choices_actions:  # noqa: SLF001
            command = action.choices[announced.dest]
            path = f"{before}{announced.dest}"
            yield path, command, announced.help or ""
            yield from _commands(command, f"{path} ")


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction | argparse._HelpAction):  # noqa: SLF001
            continue
        if action.dest == "lang" and parser.prog != "photoguard":
            continue  # told once, at the top
        yield ".TP"
        yield _invocation(action)
        yield _roff(_help(action, parser))


def _invocation(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else ""
    if action.choices is not None and not value:
        value = "|".join(str(choice) for choice in action.choices)
    elif not value and action.nargs != 0:
        value = action.dest.upper()
    if not action.option_strings:
        return rf"\fI{_roff(value)}\fR"
    names = ", ".join(rf"\fB{_roff(name)}\fR" for name in action.option_strings)
    return rf"{names} \fI{_roff(value)}\fR" if value else names


def _help(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    known = {**vars(action), "prog": parser.prog}
    return (action.help or "") % {name: str(value) for name, value in known.items()} if action.help else ""


def _roff(text: str) -> str:
    """``text`` with what roff would take for its own made plain."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(manual_page(Language(sys.argv[1] if len(sys.argv) > 1 else "en")), end="")  # noqa: T201
