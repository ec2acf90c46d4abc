"""What is known of one model file, whoever said it: the registry, a MANIFEST.toml, or the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
DIGEST = re.compile(r"[0-9a-f]{64}")
DLIB = "dlib"
STUDENTS = ("student_mfn", "student_foamliu")
BUILT_IN = (DLIB, *STUDENTS)
"""Names that stand for what comes with photoguard; no file can take them."""


class Purpose(StrEnum):
    """What a model file is for. A file has one purpose only: a judge never takes part in what it judges."""

    SURROGATE = "surrogate"
    EVALUATOR = "evaluator"
    DETECTOR = "detector"
    LATENT_ENCODER = "latent encoder"
    LATENT_DECODER = "latent decoder"


@dataclass(frozen=True)
class Licence:
    """Under what terms a file may be used."""

    id: str
    """An SPDX identifier, or a word of our own; the text itself where nothing else is known."""
    title: str
    url: str = ""
    is_research_only: bool = False
    """Only for research, or under unknown terms: used only after somebody accepted this by name."""


@dataclass(frozen=True)
class Model:
    """One model file."""

    name: str
    purpose: Purpose
    file: str
    """Its name as a plain file name."""
    sha256: str
    bytes: int
    licence: Licence
    author: str = ""
    family: str = ""
    """Models of one family see alike; empty where unknown."""
    template: str = ""
    """Alignment template of a recogniser."""
    input: str = ""
    """Input convention, see :mod:`photoguard.encoders.input_convention`."""
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    made_from: str = ""
    """SHA-256 of the file that this one was converted from; empty for a file as its author published it."""
