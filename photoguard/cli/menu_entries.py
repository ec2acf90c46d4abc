"""What "Protect with photoguard" is made of in the file managers of each system: paths below the home, and contents."""

from __future__ import annotations

import plistlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from photoguard.i18n import Language, phrase

_PICTURES = "image/jpeg;image/png;image/webp;image/gif;image/tiff;image/heic;image/heif;image/avif;image/jxl;image/bmp;"


@dataclass(frozen=True)
class Entry:
    """One file of a menu entry."""

    place: PurePosixPath
    """Below the home folder; on Windows below the roaming settings."""
    content: bytes
    is_program: bool = False


def entries(system: str, command: Sequence[str], tongue: Language) -> tuple[Entry, ...]:
    """The files for ``system`` (a value of ``sys.platform``); ``command`` opens the window with the paths appended."""
    if system == "win32":
        return (_send_to(command, tongue),)
    if system == "darwin":
        return _quick_action(command, tongue)
    return (*_linux(command),)


def _linux(command: Sequence[str]) -> tuple[Entry, ...]:
    english, korean = phrase("menu_entry", Language.ENGLISH), phrase("menu_entry", Language.KOREAN)
    run = " ".join(_desktop_quoted(word) for word in command)
    application = (
        "[Desktop Entry]\nType=Application\nName=photoguard\n"
        f"Comment={english}\nComment[ko]={korean}\n"
        f"Exec={run} %F\nIcon=photoguard\nTerminal=false\nCategories=Graphics;\nMimeType={_PICTURES}\n"
    )
    dolphin = (
        f"[Desktop Entry]\nType=Service\nMimeType={_PICTURES}inode/directory;\nActions=photoguard;\n\n"
        f"[Desktop Action photoguard]\nName={english}\nName[ko]={korean}\nIcon=photoguard\nExec={run} %F\n"
    )
    nemo = (
        f"[Nemo Action]\nName={english}\nName[ko]={korean}\nExec={run} %F\nSelection=notnone\n"
        "Extensions=dir;jpg;jpeg;png;webp;gif;tif;tiff;heic;heif;avif;jxl;bmp;\nQuote=double\n"
    )
    script = f'#!/bin/sh\n# photoguard\nexec {shlex.join(command)} "$@"\n'
    data = PurePosixPath(".local", "share")
    return (
        Entry(data / "applications" / "photoguard.desktop", application.encode()),
        # Dolphin runs service menus only where the file may be run
        Entry(data / "kio" / "servicemenus" / "photoguard.desktop", dolphin.encode(), is_program=True),
        Entry(data / "nemo" / "actions" / "photoguard.nemo_action", nemo.encode()),
        Entry(data / "nautilus" / "scripts" / english, script.encode(), is_program=True),
    )


def _desktop_quoted(word: str) -> str:
    """As the Desktop Entry Specification wants the words of ``Exec``: two levels of escapes, and no field codes."""
    word = word.replace("%", "%%")
    if re.fullmatch(r"[\w@%+=:,./-]+", word):
        return word
    inner = re.sub(r'(["`$\\])', r"\\\1", word)
    return '"' + inner.replace("\\", "\\\\") + '"'


def _send_to(command: Sequence[str], tongue: Language) -> Entry:
    program, *rest = command
    # cmd takes %x% for a variable
    words = " ".join([f'"{program}"', *rest]).replace("%", "%%")
    script = f'@rem photoguard\r\n@chcp 65001 >nul\r\n@start "" {words} %*\r\n'
    name = phrase("menu_entry", tongue) + ".cmd"
    return Entry(PurePosixPath("Microsoft", "Windows", "SendTo", name), script.encode())


def _quick_action(command: Sequence[str], tongue: Language) -> tuple[Entry, ...]:
    name = phrase("menu_entry", tongue)
    bundle = PurePosixPath("Library", "Services", f"{phrase('menu_entry', Language.ENGLISH)}.workflow", "Contents")
    service: Mapping[str, object] = {
        "NSMenuItem": {"default": name},
        "NSMessage": "runWorkflowAsService",
        "NSRequiredContext": {"NSApplicationIdentifier": "com.apple.finder"},
        "NSSendFileTypes": ["public.image", "public.folder"],
    }
    action: Mapping[str, object] = {
        "ActionBundlePath": "/System/Library/Automator/Run Shell Script.action",
        "ActionName": "Run Shell Script",
        "ActionParameters": {
            "COMMAND_STRING": f'{shlex.join(command)} "$@" >/dev/null 2>&1 &',
            "CheckedForUserDefaultShell": True,
            "inputMethod": 1,
            "shell": "/bin/sh",
            "source": "",
        },
        "AMAccepts": {"Container": "List", "Optional": True, "Types": ["com.apple.cocoa.string"]},
        "AMProvides": {"Container": "List", "Types": ["com.apple.cocoa.string"]},
        "BundleIdentifier": "com.apple.RunShellScript",
        "CFBundleVersion": "2.0.3",
        "Class Name": "RunShellScriptAction",
        "isViewVisible": 1,
    }
    workflow = {
        "AMApplicationBuild": "521",
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": 1}],
        "connectors": {},
        "workflowMetaData": {
            "serviceInputTypeIdentifier": "com.apple.Automator.fileSystemObject",
            "serviceOutputTypeIdentifier": "com.apple.Automator.nothing",
            "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
        },
    }
    info = {"CFBundleIdentifier": "photoguard.quick-action", "CFBundleName": name, "NSServices": [service]}
    return (
        Entry(bundle / "Info.plist", plistlib.dumps(info)),
        Entry(bundle / "document.wflow", plistlib.dumps(workflow)),
    )
