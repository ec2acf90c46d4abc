"""Lists the frozen folder as WiX wants it: `python packaging/windows/msi_files.py dist/photoguard build/msi-files.wxs`."""  # noqa: INP001

from __future__ import annotations

import hashlib
import sys
import uuid
from pathlib import Path
from xml.etree import ElementTree as ET

_SPACE = "http://schemas.microsoft.com/wix/2006/wi"
_OURS = uuid.UUID("378d9c91-04da-4988-95d9-b61ce4203873")
PROGRAM = "photoguard.exe"
"""The identifier by which photoguard.wxs starts the program."""


def listed(frozen: Path) -> ET.ElementTree[ET.Element]:
    """A fragment with one component per file, each with a name that stays the same from version to version."""
    wix = ET.Element(f"{{{_SPACE}}}Wix")
    folders = ET.SubElement(
        ET.SubElement(wix, f"{{{_SPACE}}}Fragment"), f"{{{_SPACE}}}DirectoryRef", Id="INSTALLFOLDER"
    )
    group = ET.SubElement(ET.SubElement(wix, f"{{{_SPACE}}}Fragment"), f"{{{_SPACE}}}ComponentGroup", Id="FrozenFiles")
    known = {Path(): folders}
    for path in sorted(frozen.rglob("*")):
        place = path.relative_to(frozen)
        if path.is_dir():
            known[place] = ET.SubElement(
                known[place.parent], f"{{{_SPACE}}}Directory", Id=_name("D", place), Name=place.name
            )
            continue
        component = ET.SubElement(
            known[place.parent],
            f"{{{_SPACE}}}Component",
            Id=_name("C", place),
            Guid=str(uuid.uuid5(_OURS, place.as_posix())).upper(),
            Win64="yes",
        )
        name = PROGRAM if place.as_posix() in {PROGRAM, "photoguard"} else _name("F", place)
        ET.SubElement(component, f"{{{_SPACE}}}File", Id=name, Source=str(path), KeyPath="yes")
        ET.SubElement(group, f"{{{_SPACE}}}ComponentRef", Id=component.attrib["Id"])
    return ET.ElementTree(wix)


def _name(kind: str, place: Path) -> str:
    """Identifiers hold 72 characters; paths hold more."""
    return kind + hashlib.sha256(place.as_posix().encode()).hexdigest()[:40]


if __name__ == "__main__":
    ET.register_namespace("", _SPACE)
    target = Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    listed(Path(sys.argv[1]).resolve()).write(target, encoding="utf-8", xml_declaration=True)
