"""What every face detector offers, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from photoguard.domain import Face

Check = Callable[[], None]
"""Called between short pieces of work; may raise ``Cancelled``."""


def unchecked() -> None:
    """A check that never stops anything."""


class Detector(Protocol):
    """Finds faces in upright or tilted photos."""

    @property
    def name(self) -> str: ...

    def detect(self, rgb: npt.NDArray[np.uint8], *, thorough: bool, check: Check) -> list[Face]:
        """Every face in ``rgb`` (height, width, 3), in photo pixels, in no particular order.

        ``thorough`` asks for the slower, more searching way.
        """
        ...
