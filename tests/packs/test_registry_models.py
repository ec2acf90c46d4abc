"""Offered recognisers give, through our reader and their stated input, what onnxruntime gives for the same pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from photoguard.encoders import onnx_encoder
from photoguard.encoders.model_folder import described
from photoguard.fitness.drawing import PEOPLE, drawn
from photoguard.packs.registry import registry


@pytest.mark.corpus
def test_foamlius_network_sees_drawn_people_as_onnxruntime_does(model_files: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    path = model_files / "surrogates" / "foamliu_mobilefacenet.onnx"
    offer = registry().named("foamliu")
    assert offer is not None
    model = offer.model
    chip, convention = described({"name": model.name, "template": model.template, "input": model.input})
    people = np.stack([drawn(one, chip.template, chip.size) for one in PEOPLE])
    encoder = onnx_encoder.read(path.read_bytes(), model.name, chip, convention)
    ours = encoder.embed(torch.from_numpy(people)).detach().numpy()
    # the author's preprocessing, written out anew
    mean, spread = (np.array(values).reshape(3, 1, 1) for values in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (port,) = session.get_inputs()
    pixels = ((people - mean) / spread).astype(np.float32)
    theirs = np.concatenate([session.run(None, {port.name: one[None]})[0] for one in pixels])
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)
