"""dlib's detectors: frontal HOG on several scales and rotations first, the MMOD network where that finds nothing.

HOG: Dalal & Triggs 2005 features under King's max-margin detection (2015); MMOD CNN: the same training with a small
network. Both come with dlib; landmarks by an ensemble of regression trees (Kazemi & Sullivan 2014). HOG sees faces of 80
pixels and more, so small ones are searched on an enlarged copy and large photos on a reduced one. dlib holds Python's lock
while its network works, and nobody can stop the program then: no picture given to it has more than 0.2 megapixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from photoguard.domain import Box, Face, LandmarkKind
from photoguard.faces.detector import Check
from photoguard.faces.dlib_files import LANDMARKS, MMOD, path_of
from photoguard.faces.overlap import merged

_RGB = npt.NDArray[np.uint8]

_USUAL_SIDE, _FINE_SIDE, _TILTED_SIDE = 1000, 2000, 640
"""Longer side, in pixels, of the copies that are searched."""
_SMALL_SIDE = 640
"""Photos up to this side are enlarged four times rather than twice, so that faces of 20 px are seen and told of."""
_MMOD_SIDE, _MMOD_PIXELS, _MMOD_OVERLAP = 800, 200_000, 96
_MMOD_LEAST_SIDE = 64
"""The network fails on narrower pictures, and none of its faces would fit into them."""
_SURE, _UNSURE = 0.2, -0.1
"""HOG scores: from the first on a face is believed; from the second on where nothing better is found."""
_TILTED_SURE = 0.5
_SMALL_PX, _SMALL_SURE = 40, 0.5
"""Smaller faces are coarse, and more things look like them."""
_LYING = (90, 270, 180)
_MMOD_SURE = 0.4

# The box from the hairline to the chin and from ear to ear, as WIDER FACE annotates it, from dlib's tighter square:
# offsets and size in units of the square; medians over 236 faces of portraits against an SCRFD detector.
_BOX_LEFT, _BOX_TOP, _BOX_WIDTH, _BOX_HEIGHT = 0.045, -0.21, 0.91, 1.24


@dataclass(frozen=True)
class _Turned:
    """A copy of the photo, reduced and turned about its centre, and the way back."""

    rgb: _RGB
    back: npt.NDArray[np.float64]
    """2 x 3: from the copy's pixels to the photo's."""


class DlibDetector:
    """The detector that is always there."""

    name = "dlib"

    def detect(self, rgb: _RGB, *, thorough: bool, check: Check) -> list[Face]:
        found = self._hog(rgb, _USUAL_SIDE, 0, check)
        if max(rgb.shape[:2]) > _USUAL_SIDE * 1.2:
            check()
            found = merged([*found, *self._hog(rgb, _FINE_SIDE, 0, check)])
        sure = [face for face in found if _is_sure(face)]
        for degrees in (-30, 30):
            tilted = self._hog(rgb, _USUAL_SIDE if thorough else _TILTED_SIDE, degrees, check)
            sure += [face for face in tilted if face.score >= _TILTED_SURE]
        if thorough:
            sure += self._mmod(rgb, check)
            sure += self._mmod_in_parts(rgb, check)
        return merged(sure) or self._searched(rgb, found, check)

    def upright(self, rgb: _RGB) -> list[Face]:
        """Faces that look ahead in small photos with upright heads: quick, for collections of portraits."""
        return self._hog(rgb, min(_USUAL_SIDE, max(rgb.shape[:2])), 0, lambda: None)

    def _searched(self, rgb: _RGB, doubtful: list[Face], check: Check) -> list[Face]:
        """Where the quick look is sure of nothing: lying heads, the network, then doubtful finds of every kind."""
        turned: list[Face] = []
        for degrees in _LYING:
            turned += self._hog(rgb, _USUAL_SIDE, degrees, check)
            # before the network, which finds lying heads too but sees none of them as lying: their landmarks would be wrong
            if faces := [face for face in turned if face.score >= _TILTED_SURE]:
                return faces
        if faces := self._mmod(rgb, check):
            return faces
        for degrees in (-30, 30):
            turned += self._hog(rgb, _USUAL_SIDE, degrees, check)
        if faces := [face for face in turned if _is_sure(face)]:
            return merged(faces)
        return [face for face in doubtful if face.score >= _UNSURE][:1]

    def _hog(self, rgb: _RGB, side: int, degrees: float, check: Check) -> list[Face]:
        check()
        copy = _turned(rgb, side, degrees)
        doublings = 2 if not degrees and max(rgb.shape[:2]) <= _SMALL_SIDE else 1
        rectangles, scores, _ = self._frontal.run(copy.rgb, doublings, _UNSURE)
        pairs = zip(rectangles, scores, strict=True)
        return merged(self._face(copy, rectangle, score) for rectangle, score in pairs)

    def _mmod(self, rgb: _RGB, check: Check) -> list[Face]:
        """What the network finds in the whole photo at once: faces that take up a tenth of it or more."""
        check()
        height, width = rgb.shape[:2]
        copy = _turned(rgb, round(max(height, width) * min(1.0, (_MMOD_PIXELS / (height * width)) ** 0.5)), 0)
        return self._seen(copy)

    def _mmod_in_parts(self, rgb: _RGB, check: Check) -> list[Face]:
        """What the network finds in overlapping parts of a larger copy: small faces."""
        whole = _turned(rgb, _MMOD_SIDE, 0)
        height, width = whole.rgb.shape[:2]
        if height * width <= _MMOD_PIXELS:
            return []
        step = int(_MMOD_PIXELS**0.5)
        faces: list[Face] = []
        for top in range(0, max(1, height - _MMOD_OVERLAP), step - _MMOD_OVERLAP):
            for left in range(0, max(1, width - _MMOD_OVERLAP), step - _MMOD_OVERLAP):
                check()
                part = np.ascontiguousarray(whole.rgb[top : top + step, left : left + step])
                shift = whole.back[:, :2] @ (left, top) + whole.back[:, 2]
                faces += self._seen(_Turned(part, np.column_stack([whole.back[:, :2], shift])))
        return merged(faces)

    def _seen(self, copy: _Turned) -> list[Face]:
        if min(copy.rgb.shape[:2]) < _MMOD_LEAST_SIDE:
            return []
        seen = self._network(copy.rgb, 0)
        return merged(self._face(copy, one.rect, one.confidence) for one in seen if one.confidence >= _MMOD_SURE)

    def _face(self, copy: _Turned, rectangle: Any, score: float) -> Face:  # noqa: ANN401 - dlib has no types
        import dlib

        parts = self._landmarks(copy.rgb, dlib.rectangle(rectangle)).parts()
        points = np.array([(part.x, part.y) for part in parts], dtype=np.float64)
        side = rectangle.width()
        left, top = rectangle.left() + _BOX_LEFT * side, rectangle.top() + _BOX_TOP * side
        right, bottom = left + _BOX_WIDTH * side, top + _BOX_HEIGHT * side
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        return Face(
            box=_upright_box(_moved(corners, copy.back), (_BOX_WIDTH * side, _BOX_HEIGHT * side), copy.back),
            landmarks=tuple((float(x), float(y)) for x, y in _moved(points, copy.back)),
            landmark_kind=LandmarkKind.DLIB5,
            score=float(score),
            detector=self.name,
        )

    @cached_property
    def _frontal(self) -> Any:  # noqa: ANN401
        import dlib

        return dlib.get_frontal_face_detector()

    @cached_property
    def _network(self) -> Any:  # noqa: ANN401
        import dlib

        return dlib.cnn_face_detection_model_v1(str(path_of(MMOD)))

    @cached_property
    def _landmarks(self) -> Any:  # noqa: ANN401
        import dlib

        return dlib.shape_predictor(str(path_of(LANDMARKS)))


def _is_sure(face: Face) -> bool:
    return face.score >= (_SURE if face.box.width >= _SMALL_PX else _SMALL_SURE)


def _turned(rgb: _RGB, side: int, degrees: float) -> _Turned:
    """A copy with its longer side at most ``side``, turned counter-clockwise by ``degrees``."""
    height, width = rgb.shape[:2]
    zoom = min(1.0, side / max(height, width))
    size = max(1, round(width * zoom)), max(1, round(height * zoom))
    small = Image.fromarray(rgb)
    if zoom < 1:
        small = small.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    to_photo = np.array([[width / size[0], 0.0, 0.0], [0.0, height / size[1], 0.0]])
    if not degrees:
        return _Turned(np.ascontiguousarray(small), to_photo)
    turned = small.rotate(degrees, Image.Resampling.BILINEAR, expand=True)
    angle = np.deg2rad(degrees)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = np.array(size) / 2 - rotation @ (np.array(turned.size) / 2)
    linear = to_photo[:, :2]
    return _Turned(np.ascontiguousarray(turned), np.column_stack([linear @ rotation, linear @ shift]))


def _moved(points: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return points @ matrix[:, :2].T + matrix[:, 2]


def _upright_box(corners: npt.NDArray[np.float64], size: tuple[float, float], back: npt.NDArray[np.float64]) -> Box:
    """A box around the middle of the turned one; a lying face's box lies too, a tilted one keeps its size."""
    middle = corners.mean(0)
    width, height = size
    across = back[:, 0]
    scale = float(np.hypot(*across))
    if abs(across[1]) > abs(across[0]):
        width, height = height, width
    box = Box(0.0, 0.0, width * scale, height * scale)
    return replace(box, x=float(middle[0] - box.width / 2), y=float(middle[1] - box.height / 2))
