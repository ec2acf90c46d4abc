"""Face detection networks from ONNX files: a square picture in, boxes with five landmarks out.

YuNet (Wu, Peng & Yu 2023) and SCRFD (Guo et al. 2021), run by onnxruntime. OpenCV could run both too, in a wheel three
times the size that brings video codecs along; our own ONNX reader runs recognisers only, on one size of picture.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from photoguard.errors import Failed, ProblemCode

SIDE = 640
"""Of the square pictures that go in. Both networks take others too, but files with a fixed size have this one."""
_STRIDES = (8, 16, 32)
_THREADS = 4

_RGB = npt.NDArray[np.uint8]
_Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Candidates:
    """Faces that a network saw in one picture, in its pixels; overlapping ones are not merged yet."""

    boxes: _Numbers
    """(n, 4): left, top, right, bottom."""
    points: _Numbers
    """(n, 5, 2): eye centres, nose tip, mouth corners, image left first."""
    scores: _Numbers
    """(n,) in 0..1."""


class DetectionNetwork(Protocol):
    """What every detection network offers."""

    sure: float
    """Score from which on a candidate is believed."""

    def seen(self, rgb: _RGB, least: float) -> Candidates:
        """Candidates of at least that score in ``rgb`` (640, 640, 3)."""
        ...


def read(data: bytes, name: str) -> DetectionNetwork:
    """The network in the ONNX file ``data``, which was checked when it was installed.

    Raises ``Failed``: NEEDS_DETECTORS without onnxruntime, MODEL_UNFIT for a file that is neither kind of network.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise Failed(ProblemCode.NEEDS_DETECTORS) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_THREADS, os.cpu_count() or 1)
    # threads that wait busily would take the processor from everything else on a small laptop
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        return _network(session)
    except Failed:
        raise
    except Exception as error:  # onnxruntime's exceptions have no base of their own
        raise Failed(ProblemCode.MODEL_UNFIT, model=name, reason="detector") from error


def _network(session: Any) -> DetectionNetwork:  # noqa: ANN401 - onnxruntime has no types
    outputs = {port.name for port in session.get_outputs()}
    parts = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in _STRIDES]
    network: DetectionNetwork
    if outputs == set(parts):
        network = YuNet(session, parts)
    elif len(outputs) == 9:
        network = Scrfd(session)
    else:
        raise ValueError(outputs)
    # a network whose outputs have other shapes fails here, before it is ever relied on
    network.seen(np.full((SIDE, SIDE, 3), 127, np.uint8), 0.0)
    return network


def _grid(stride: int, anchors: int) -> _Numbers:
    """Where the cells of one stride begin, in pixels: (cells * anchors, 2), x first."""
    steps = np.arange(SIDE // stride, dtype=np.float32) * stride
    places = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    return np.repeat(places, anchors, 0)


class YuNet:
    """BGR values as they are; a score is the geometric mean of two; boxes as centre and log size in cells."""

    sure = 0.75

    def __init__(self, session: Any, parts: list[str]) -> None:  # noqa: ANN401
        self._session, self._parts = session, parts
        self._input = session.get_inputs()[0].name

    def seen(self, rgb: _RGB, least: float) -> Candidates:
        picture = np.ascontiguousarray(rgb[:, :, ::-1].transpose(2, 0, 1)[None], np.float32)
        values = self._session.run(self._parts, {self._input: picture})
        found = []
        for place, stride in enumerate(_STRIDES):
            classes, objects, boxes, points = (values[place + 3 * kind][0] for kind in range(4))
            scores = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objects[:, 0], 0, 1))
            kept = scores >= least
            begin, box = _grid(stride, 1)[kept], boxes[kept]
            middle, half = begin + box[:, :2] * stride, np.exp(np.minimum(box[:, 2:], 8)) * stride / 2
            five = points[kept].reshape(-1, 5, 2) * stride + begin[:, None]
            found.append((np.concatenate([middle - half, middle + half], 1), five, scores[kept]))
        return _joined(found)


class Scrfd:
    """RGB values, centred; two anchors in every cell; boxes as distances to the four sides in cells."""

    sure = 0.55

    def __init__(self, session: Any) -> None:  # noqa: ANN401
        self._session = session
        self._input = session.get_inputs()[0].name
        # three strides each of scores, boxes, landmarks, the finest first
        self._parts = [port.name for port in session.get_outputs()]

    def seen(self, rgb: _RGB, least: float) -> Candidates:
        picture = ((rgb.transpose(2, 0, 1)[None].astype(np.float32) - 127.5) / 128).astype(np.float32)
        values = self._session.run(self._parts, {self._input: picture})
        found = []
        for place, stride in enumerate(_STRIDES):
            scores, boxes, points = (values[place + 3 * kind] for kind in range(3))
            scores = scores.reshape(-1)
            kept = scores >= least
            begin, sides = _grid(stride, 2)[kept], boxes.reshape(-1, 4)[kept] * stride
            five = points.reshape(-1, 5, 2)[kept] * stride + begin[:, None]
            found.append((np.concatenate([begin - sides[:, :2], begin + sides[:, 2:]], 1), five, scores[kept]))
        return _joined(found)


def _joined(found: list[tuple[_Numbers, _Numbers, _Numbers]]) -> Candidates:
    boxes, points, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Candidates(boxes, points, scores)
