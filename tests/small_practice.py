"""A treatment that needs no model file and takes a moment, for processes beside the tests too."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from stand_ins import SmallEncoder, drawn, face_at

from photoguard import cloak
from photoguard.batch import Treatment
from photoguard.domain import Face, Options
from photoguard.toolbox import Toolbox

FACE = face_at(60, 50, 96)
FACELESS, DEADLY = 201, 203
"""Widths of pictures: without a face; the process that looks at it is killed."""


@dataclass(frozen=True)
class TellingDetector:
    """Finds the drawn face, except in pictures of the widths above."""

    name: str = "telling"

    def detect(self, rgb: npt.NDArray[np.uint8], *, thorough: bool, check: Callable[[], None]) -> list[Face]:
        check()
        if rgb.shape[1] == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return [] if rgb.shape[1] == FACELESS else [FACE]


FEW_STEPS = 3
takes_few_steps = False
"""Whether this process sees to it itself: that of the tests does (conftest.py), those beside it do not."""


def equipped(_options: Options) -> Toolbox:
    if not takes_few_steps:
        for strength, preset in cloak.PRESETS.items():
            cloak.PRESETS[strength] = replace(preset, most_steps=min(FEW_STEPS, preset.most_steps))
    return Toolbox(TellingDetector(), (SmallEncoder(),), reader=SmallEncoder("dlib"))


def protecting(options: Options | None = None) -> Treatment:
    return Treatment(options or Options(), equip=equipped)


SCRUBBING = Treatment(None)


def photo(path: Path, *, width: int = 240, shade: int = 0, kind: str = "JPEG") -> Path:
    """A picture with a drawn face and a comment that tells a name; another ``shade`` is another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = drawn(width, 220, (FACE,))
    pixels[:8, :8] = shade
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, kind, quality=92, comment=b"Hong Gildong")
    path.write_bytes(coded.getvalue())
    return path
