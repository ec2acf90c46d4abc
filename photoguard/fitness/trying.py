"""One try-out for every purpose a model file can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoguard.errors import Failed, ProblemCode
from photoguard.packs.description import Purpose

if TYPE_CHECKING:
    from photoguard.packs.description import Model

_LEAD = 0.02
"""By how much the same drawn person must look more alike than any other. Six recognisers lead by 0.05 to 0.14."""

_ASTRAY = 0.35
"""How far a landmark may lie from where it was drawn, in distances between the eyes. Two detectors stay within ASTRAY."""


def try_out(model: Model, data: bytes) -> None:
    """Return when the file ``data`` does what ``model`` says; reads nothing else and writes nothing.

    Raises ``Failed``: MODEL_LIST_BROKEN for a description that is not understood, MODEL_MALFORMED, MODEL_TOO_LARGE,
    UNSUPPORTED_OPERATOR or MODEL_UNFIT for a file that cannot be used, MODEL_UNSOUND for one that does not do its job.
    """
    if model.purpose in {Purpose.SURROGATE, Purpose.EVALUATOR}:
        _try_recogniser(model, data)
    elif model.purpose is Purpose.DETECTOR:
        _try_detector(model, data)
    else:
        _try_latent(model, data)


def _try_recogniser(model: Model, data: bytes) -> None:
    """Embed drawn people twice, the second time darker and a little aside; each must be most like itself."""
    import numpy as np
    import torch

    from photoguard.encoders import onnx_encoder
    from photoguard.encoders.model_folder import described
    from photoguard.fitness.drawing import PEOPLE, drawn

    chip, convention = described({"name": model.name, "template": model.template, "input": model.input})
    encoder = onnx_encoder.read(data, model.name, chip, convention)
    first = torch.from_numpy(np.stack([drawn(one, chip.template, chip.size) for one in PEOPLE]))
    again = torch.from_numpy(np.stack([drawn(one, chip.template, chip.size, light=0.85, shift=2) for one in PEOPLE]))
    with torch.no_grad():
        alike = encoder.embed(first) @ encoder.embed(again).T
    if not bool(alike.isfinite().all()):
        raise Failed(ProblemCode.MODEL_UNSOUND, model=model.name, reason="numbers")
    own = alike.diagonal()
    others = alike - 2 * torch.eye(len(PEOPLE))
    if bool((own < torch.maximum(others.amax(0), others.amax(1)) + _LEAD).any()):
        raise Failed(ProblemCode.MODEL_UNSOUND, model=model.name, reason="faces")


def _try_detector(model: Model, data: bytes) -> None:
    """Look for drawn people, and for nobody in noise."""
    import numpy as np

    from photoguard.encoders.onnx import check
    from photoguard.faces import networks
    from photoguard.faces.detector import unchecked
    from photoguard.faces.pack_detector import PackDetector
    from photoguard.fitness.drawing import gathering

    check(data, model.name)
    detector = PackDetector(model.name, networks.read(data, model.name))
    picture, people = gathering()
    found = [np.array(face.landmarks) for face in detector.detect(picture, thorough=False, check=unchecked)]
    for points in people:
        across = float(np.hypot(*(points[1] - points[0])))
        if not any(np.abs(seen - points).max() < _ASTRAY * across for seen in found):
            raise Failed(ProblemCode.MODEL_UNSOUND, model=model.name, reason="faces")
    noise = np.random.default_rng(0).integers(0, 256, picture.shape, np.uint8)
    if len(found) != len(people) or detector.detect(noise, thorough=False, check=unchecked):
        raise Failed(ProblemCode.MODEL_UNSOUND, model=model.name, reason="nobody")


def _try_latent(model: Model, data: bytes) -> None:
    """Send a small picture, or small latents, through: what an encoder is worth is measured where it is used."""
    import torch

    from photoguard.latents import reading

    draw = torch.Generator().manual_seed(0)
    with torch.no_grad():
        if model.purpose is Purpose.LATENT_ENCODER:
            made = reading.encoder(data, model).encode(torch.rand(1, 3, 64, 64, generator=draw))
        else:
            decoder = reading.decoder(data, model)
            made = decoder.decode(torch.randn(1, decoder.channels, 8, 8, generator=draw))
    if not bool(made.isfinite().all()):
        raise Failed(ProblemCode.MODEL_UNSOUND, model=model.name, reason="numbers")
