"""Drawn faces, so that a recogniser can be tried out without anybody's photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoguard.faces.alignment import five_points

_Map = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Look:
    """What makes one drawn person; lengths in units of the distance between the eyes."""

    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    iris: tuple[float, float, float]
    width: float
    """Half the width of the head."""
    chin: float
    """From between the eyes down."""
    forehead: float
    """From between the eyes up to the hair."""
    brows: float
    """Thickness of the eyebrows."""
    lips: float
    """Thickness of the lips."""
    nose: float
    """Half the width of the nose."""
    lids: float
    """Half the height of the open eye."""


PEOPLE = (
    Look((224, 178, 150), (48, 32, 24), (70, 45, 30), 1.02, 1.72, 0.62, 0.07, 0.10, 0.19, 0.11),
    Look((122, 80, 58), (18, 16, 16), (40, 25, 18), 1.12, 1.90, 0.80, 0.12, 0.17, 0.28, 0.13),
    Look((240, 205, 184), (176, 140, 84), (92, 126, 150), 0.92, 1.60, 0.72, 0.045, 0.075, 0.15, 0.16),
    Look((206, 162, 122), (24, 20, 22), (46, 30, 24), 1.16, 1.62, 0.50, 0.09, 0.13, 0.24, 0.08),
)


def drawn(look: Look, template: str, side: int, *, light: float = 1.0, shift: float = 0.0) -> npt.NDArray[np.float32]:
    """A frontal face (3, side, side) of RGB values in 0..1, its five points where ``template`` wants them.

    ``light`` multiplies all values, ``shift`` moves the face to the right, in pixels.
    """
    points = np.array(five_points(template), np.float32)
    left, right, nose, *mouth = points + np.array([shift, 0], np.float32)
    unit = float(right[0] - left[0])
    middle = (left + right) / 2
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    x, y = (columns - middle[0]) / unit, (rows - middle[1]) / unit
    lip = ((mouth[0] + mouth[1]) / 2 - middle) / unit
    tip = (nose - middle) / unit
    picture = np.full((3, side, side), 0.55, np.float32) * (0.9 + 0.1 * rows / side)

    def paint(colour: tuple[float, float, float], where: _Map) -> None:
        nonlocal picture
        picture += (np.array(colour, np.float32)[:, None, None] / 255 - picture) * where

    def dark(share: float) -> tuple[float, float, float]:
        return (look.skin[0] * share, look.skin[1] * share * 0.92, look.skin[2] * share * 0.9)

    tall = (look.chin + look.forehead + 0.25) / 2
    centre = look.chin - tall
    paint(look.hair, _oval(x, y - centre + 0.14, look.width * 1.16, tall * 1.12, 0.05))
    paint(dark(0.72), _oval(x, y - 1.7, look.width * 0.55, 1.2, 0.06))
    paint(look.skin, _oval(x, y - centre, look.width, tall, 0.05))
    shade = np.clip(np.abs(x) / look.width, 0, 1) ** 3 * _oval(x, y - centre, look.width, tall, 0.05)
    paint(dark(0.6), shade * 0.55)
    paint(look.hair, _oval(x, y + look.forehead + 0.42, look.width * 1.02, 0.5, 0.08))
    for sign in (-1, 1):
        eye = x - sign * 0.5
        paint(dark(0.75), _oval(eye, y, 0.30, look.lids * 2.1, 0.5) * 0.5)
        paint((242, 238, 234), _oval(eye, y, 0.2, look.lids, 0.2))
        paint(look.iris, _oval(eye, y, 0.1, min(0.1, look.lids), 0.2))
        paint((12, 10, 10), _oval(eye, y, 0.045, 0.045, 0.2))
        paint((30, 22, 20), _oval(eye, y + look.lids, 0.22, 0.03, 0.4) * 0.9)
        paint(look.hair, _oval(eye, y + 0.24 + 0.05 * np.cos(eye * 6), 0.28, look.brows, 0.4))
        paint(dark(0.62), _oval(x - sign * look.nose * 0.55, y - tip[1] - 0.08, look.nose * 0.35, 0.045, 0.5))
        paint(dark(0.7), _oval(x - sign * look.nose * 0.8, y - tip[1] + 0.3, 0.04, 0.35, 0.8) * 0.45)
    paint(dark(1.12), _oval(x, y - tip[1], look.nose * 0.5, 0.12, 0.8) * 0.5)
    paint((look.skin[0] * 0.78, look.skin[1] * 0.5, look.skin[2] * 0.5), _oval(x, y - lip[1], 0.46, look.lips, 0.25))
    paint((60, 24, 24), _oval(x, y - lip[1], 0.42, 0.02, 0.5))
    face: npt.NDArray[np.float32] = np.clip(picture * light, 0, 1)
    return face


def gathering() -> tuple[npt.NDArray[np.uint8], list[npt.NDArray[np.float64]]]:
    """A picture (480, 640, 3) of all drawn people, and the five points of each."""
    side, template = 112, "arcface112"
    picture = np.full((480, 640, 3), 128, np.uint8)
    people = []
    for number, look in enumerate(PEOPLE):
        left, top = 60 + 320 * (number % 2), 40 + 240 * (number // 2)
        face = (drawn(look, template, side) * 255).astype(np.uint8)
        picture[top : top + side, left : left + side] = face.transpose(1, 2, 0)
        people.append(np.array(five_points(template)) + np.array([left, top]))
    return picture, people


def _oval(x: _Map, y: _Map, width: float, height: float, softness: float) -> _Map:
    """1 inside an ellipse with these half axes, 0 outside, with a soft edge."""
    beyond = ((x / width) ** 2 + (y / height) ** 2 - 1) / (softness / 2.5)
    inside: _Map = (1 / (1 + np.exp(np.clip(beyond, -30, 30)))).astype(np.float32)
    return inside
