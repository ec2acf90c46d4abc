"""Boxes that mean the same face."""

from __future__ import annotations

from collections.abc import Iterable

from photoguard.domain import Box, Face

_SAME_FACE = 0.4
_INSIDE = 0.7
"""Share of the smaller box inside a bigger one from which on it is taken for a part of that face."""


def merged(faces: Iterable[Face]) -> list[Face]:
    """The best-scored face of every group of overlapping ones (greedy non-maximum suppression)."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda f: f.score, reverse=True):
        if not any(_is_same(face.box, other.box) for other in kept):
            kept.append(face)
    return kept


def _is_same(one: Box, other: Box) -> bool:
    shared = intersection(one, other)
    areas = one.width * one.height, other.width * other.height
    return shared > _SAME_FACE * (sum(areas) - shared) or shared > _INSIDE * min(areas)


def intersection(one: Box, other: Box) -> float:
    """Area that two boxes share, in square pixels."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, width) * max(0.0, height)
