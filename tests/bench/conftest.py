"""Drawn portraits of drawn people on disk, and what measuring needs, without a model file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import FixedDetector, SmallEncoder, drawn, face_at

from photoguard.bench.measuring import Laboratory
from photoguard.domain import Face, Platform
from photoguard.toolbox import Toolbox

FACE = face_at(70, 50, 110)


@dataclass(frozen=True)
class People:
    folder: Path
    laboratory: Laboratory
    face: Face = FACE


@pytest.fixture
def people(tmp_path: Path) -> Callable[[dict[str, int]], People]:
    """Makes a folder with so many photos of each person; all show a face at the same place."""

    def make(counts: dict[str, int]) -> People:
        folder = tmp_path / "people"
        for shade, (person, count) in enumerate(counts.items()):
            (folder / person).mkdir(parents=True)
            for number in range(count):
                picture = drawn(256, 256, (FACE,)).astype(np.int16) - 12 * shade + 3 * number
                Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(folder / person / f"{number}.png")
        toolbox = Toolbox(FixedDetector((FACE,)), (SmallEncoder("surrogate"),))
        judge = SmallEncoder("judge", seed=5)
        return People(folder, Laboratory(toolbox, (judge, *toolbox.encoders), Platform.ANY))

    return make
