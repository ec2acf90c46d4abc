"""Maps photo pixels to the pixels of an aligned face chip, for every template and every kind of landmarks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from photoguard.domain import Face, LandmarkKind

_Points = npt.NDArray[np.float64]
Landmarks = tuple[tuple[float, float], ...]

# eye centres, nose tip, mouth corners, image left first (insightface and Open Model Zoo, their published templates)
_FIVE_TEMPLATES = {
    "arcface112": (
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ),
    "omz128": (
        (40.3928, 59.0815),
        (87.3834, 59.0815),
        (64.0320, 81.9847),
        (44.7322, 105.5604),
        (83.6399, 105.5604),
    ),
}

# dlib's five landmarks in the unit square (dlib, ``get_face_chip_details``), its order
_DLIB_UNIT = (
    (0.8595674595992, 0.2134981538014),
    (0.6460604764104, 0.2289674387677),
    (0.1205750620789, 0.2137274526848),
    (0.3340850613712, 0.2290642403242),
    (0.4901123135679, 0.6277975316475),
)
_DLIB_PADDING, _DLIB_SIDE = 0.25, 150

TEMPLATES = (*_FIVE_TEMPLATES, "dlib150")

# Linear maps between the two kinds of landmarks, in the frame whose origin is the image-left eye centre and whose x axis
# reaches the other eye centre at 1: rows are the constant, then the features named; columns x and y of five points.
# Least squares on 959 faces of LFW, dlib's points against those of YuNet (BSD). On 99 other portraits the root mean
# square error is 0.08-0.13 eye distances per point; with constant points alone it was up to 0.19.
_FIVE_FROM_NOSE_BASE = np.array(
    [
        [0.0278, -0.1709, 0.9122, -0.0897, -0.1755, 0.1900, 0.0429, 0.5599, 0.8424, 0.6159],
        [0.0754, 0.1003, 0.0592, -0.1002, 1.3449, -0.0276, 0.1869, 0.0537, 0.1974, -0.0783],
        [-0.0947, 0.1279, 0.1225, 0.1661, 0.0147, 0.5473, -0.1087, 0.6420, 0.0231, 0.6675],
    ]
)
_DLIB5_FROM_NOSE_AND_MOUTH = np.array(
    [
        [0.8351, -0.4274, 0.5317, -0.2494, -0.0273, -0.1516, 0.3050, -0.1241, 0.3968, 0.3047],
        [-0.0380, 0.0687, 0.0688, 0.0489, -0.0760, -0.0581, 0.0609, -0.0213, 0.6029, 0.0341],
        [0.0255, -0.0868, 0.0439, 0.0523, -0.0163, -0.1937, -0.0695, 0.0065, -0.1231, 0.7781],
        [0.3650, -0.0743, 0.2346, 0.0236, 0.3883, 0.1383, 0.4774, 0.1355, 0.2354, 0.1763],
        [-0.4239, -0.3749, -0.3436, -0.4960, -0.9710, -1.1582, -0.4150, -0.9027, 0.1607, 1.3863],
        [0.0294, 0.4008, 0.1068, 0.2227, 0.1890, 0.1573, 0.0144, 0.1089, -0.1716, -0.4347],
        [0.6799, 0.4510, 0.4078, 0.4995, 0.6765, 1.3052, 0.2796, 0.9450, -0.1483, -1.0364],
    ]
)


def rescaled(landmarks: Landmarks, across: float, down: float) -> Landmarks:
    """``landmarks`` in a copy of their picture that is ``across`` times as wide and ``down`` times as high; pixel centres
    lie at integers.
    """
    return tuple(((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5) for x, y in landmarks)


def misplaced(
    matrix: npt.NDArray[np.float64], side: int, shift: npt.ArrayLike, turn: float, growth: float
) -> npt.NDArray[np.float64]:
    """``matrix`` (2 x 3, to a chip of ``side`` pixels) with the chip's content turned about its centre by ``turn`` radians,
    grown by the share ``growth`` and moved by ``shift`` (right, down) pixels, as another detector's landmarks would do.
    """
    centre = np.full(2, (side - 1) / 2)
    cosine, sine = (1 + growth) * np.cos(turn), (1 + growth) * np.sin(turn)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    moved: npt.NDArray[np.float64] = rotation @ matrix
    moved[:, 2] += centre - rotation @ centre + np.asarray(shift)
    return moved


def fit(face: Face, template: str) -> npt.NDArray[np.float64]:
    """The 2 x 3 matrix from photo pixels to the pixels of ``template``; pixel centres lie at integers.

    Landmarks of the other kind than the template's are translated first. Raises ``KeyError`` for an unknown template.
    """
    points = np.asarray(face.landmarks, dtype=np.float64)
    if template == "dlib150":
        targets = (_DLIB_PADDING + np.asarray(_DLIB_UNIT)) / (1 + 2 * _DLIB_PADDING) * _DLIB_SIDE
        own = points if face.landmark_kind is LandmarkKind.DLIB5 else dlib5_from_five(points)
    else:
        targets = np.asarray(_FIVE_TEMPLATES[template])
        own = points if face.landmark_kind is LandmarkKind.FIVE else five_from_dlib5(points)
    return similarity(own, targets)


def five_points(template: str) -> tuple[tuple[float, float], ...]:
    """Where ``template`` wants eye centres, nose tip and mouth corners; ``KeyError`` where it has no such points."""
    return _FIVE_TEMPLATES[template]


def similarity(
    points: _Points | Sequence[Sequence[float]], targets: _Points | Sequence[Sequence[float]]
) -> npt.NDArray[np.float64]:
    """The 2 x 3 rotation, scale and shift that brings ``points`` (n, 2) nearest to ``targets`` (n, 2).

    Least squares after Umeyama (1991), never mirroring. Points that all coincide are only shifted.
    """
    source, target = np.asarray(points, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    middle, goal = source.mean(0), target.mean(0)
    spread, wanted = source - middle, target - goal
    left, values, right = np.linalg.svd(wanted.T @ spread)
    signs = np.array([1.0, np.sign(np.linalg.det(left @ right)) or 1.0])
    rotation = left @ np.diag(signs) @ right
    size = np.square(spread).sum()
    scale = float((values * signs).sum() / size) if size > 0 else 1.0
    turned = scale * rotation
    return np.column_stack([turned, goal - turned @ middle])


def five_from_dlib5(points: _Points) -> _Points:
    """Eye centres, nose tip and mouth corners (5, 2) as another detector would put them, from dlib's five points."""
    turn, origin = _eye_frame((points[2] + points[3]) / 2, (points[0] + points[1]) / 2)
    nose = (points[4] - origin) @ turn.T
    made = np.concatenate(([1.0], nose)) @ _FIVE_FROM_NOSE_BASE
    points_again: _Points = made.reshape(5, 2) @ np.linalg.inv(turn).T + origin
    return points_again


def dlib5_from_five(points: _Points) -> _Points:
    """dlib's five points (5, 2), in its order, from eye centres, nose tip and mouth corners."""
    turn, origin = _eye_frame(points[0], points[1])
    features = ((points[2:] - origin) @ turn.T).ravel()
    made = np.concatenate(([1.0], features)) @ _DLIB5_FROM_NOSE_AND_MOUTH
    points_again: _Points = made.reshape(5, 2) @ np.linalg.inv(turn).T + origin
    return points_again


def _eye_frame(left: _Points, right: _Points) -> tuple[_Points, _Points]:
    """The matrix and origin of the frame in which ``left`` lies at (0, 0) and ``right`` at (1, 0)."""
    across = right - left
    squared = float(across @ across) or 1.0
    return np.array([[across[0], across[1]], [-across[1], across[0]]]) / squared, left
