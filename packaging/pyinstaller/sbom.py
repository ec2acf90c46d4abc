"""Writes the list of parts as a CycloneDX 1.5 document, without anything that changes from build to build."""  # noqa: INP001

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

from components import Component

import photoguard

_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def write_sbom(parts: list[Component], path: Path) -> None:
    """Write ``parts`` to ``path``."""
    version = photoguard.__version__
    listed = [_listed(part) for part in parts]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "photoguard",
                "name": "photoguard",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": listed,
        "dependencies": [{"ref": "photoguard", "dependsOn": [part.purl for part in parts]}],
    }
    document["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True)).urn
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _listed(part: Component) -> dict[str, object]:
    is_spdx = _SPDX.fullmatch(part.licence) is not None
    licence = {"expression": part.licence} if is_spdx else {"license": {"name": part.licence}}
    return {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "licenses": [licence],
    }
