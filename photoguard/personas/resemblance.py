"""Whether two looks are one person's, by everybody who saw both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

_SCALES = {"dlib": (0.833, 0.955)}
"""Encoder -> median cosine of strangers, and of two photos of one person (photoguard/proof/calibration.toml)."""
_USUAL = (0.0, 0.65)
"""The same for recognisers of the ArcFace family, which spread strangers evenly."""

_MANY = 4
_MANY_ALIKE = 0.65
_FEW_ALIKE = 0.8


def resemblance(one: Mapping[str, npt.NDArray[np.float32]], other: Mapping[str, npt.NDArray[np.float32]]) -> float:
    """About 0 for strangers, about 1 for two photos of one person: the mean over encoders that are in both, 0 without any.

    Looks: encoder -> unit vector.
    """
    told = []
    for encoder in sorted(one.keys() & other.keys()):  # sums differ in their last place by the order
        strangers, same = _SCALES.get(encoder, _USUAL)
        told.append((float(one[encoder] @ other[encoder]) - strangers) / (same - strangers))
    return sum(told) / len(told) if told else 0.0


def is_alike(one: Mapping[str, npt.NDArray[np.float32]], other: Mapping[str, npt.NDArray[np.float32]]) -> bool:
    """Whether one look tells what the person on the other one looks like.

    Few encoders take more strangers for alike, above all people whom they have seen few of, so they must be surer: a wrong look
    does more harm than a missing one.
    """
    return resemblance(one, other) >= (_MANY_ALIKE if len(one.keys() & other.keys()) >= _MANY else _FEW_ALIKE)
