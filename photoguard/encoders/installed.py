"""Which identity encoders this machine has, and how to load them by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from photoguard.errors import ProblemCode, UsageMistake

if TYPE_CHECKING:
    from photoguard.encoders.protocol import IdentityEncoder

BUILT_IN = ("dlib",)
"""Encoders that work right after installation, without a network."""


def load(names: Sequence[str] = ()) -> tuple[IdentityEncoder, ...]:
    """The encoders called ``names``, in that order; the best installed set when none is named.

    Raises ``UsageMistake(UNKNOWN_MODEL)`` for a name that is not installed.
    """
    chosen = tuple(dict.fromkeys(names)) or BUILT_IN
    for name in chosen:
        if name not in BUILT_IN:
            raise UsageMistake(ProblemCode.UNKNOWN_MODEL, model=name)
    from photoguard.encoders import dlib_resnet

    return tuple(dlib_resnet.load() for _ in chosen)
