"""What is installed takes part in a shield; the encoder that tells how it carries over never does, whatever it is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from photoguard import models
from photoguard.errors import PhotoguardError, ProblemCode
from photoguard.latents import installed, is_ready, load
from photoguard.packs.description import Purpose
from photoguard.packs.importing import Claim
from photoguard.packs.registry import registry


def map_encoder(*, kernel: int = 8, stride: int = 8) -> bytes:
    """An ONNX file of one strided convolution."""
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    values = np.random.default_rng(0).normal(size=(4, 3, kernel, kernel)).astype(np.float32)
    node = helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[kernel] * 2, strides=[stride] * 2)
    entry = helper.make_tensor_value_info("x", 1, ["n", 3, "h", "w"])
    weights = [onnx.numpy_helper.from_array(values, "w")]
    graph = helper.make_graph([node], "g", [entry], [helper.make_empty_tensor_value_info("y")], weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    data: bytes = made.SerializeToString()
    return data


def brought(path: Path, data: bytes, name: str = "mine") -> None:
    path.write_bytes(data)
    models.take_in(path, Claim(name=name, purpose=Purpose.LATENT_ENCODER, licence="MIT"))


def test_without_an_encoder_nothing_is_ready_and_loading_says_how_to_get_one() -> None:
    assert not is_ready()
    with pytest.raises(PhotoguardError) as refusal:
        load()
    assert refusal.value.problem.code is ProblemCode.NO_LATENT_ENCODER


def test_an_onnx_encoder_takes_pictures_of_any_size(tmp_path: Path) -> None:
    brought(tmp_path / "m.onnx", map_encoder())
    assert is_ready()
    (encoder,) = load().taking_part
    assert (encoder.name, encoder.family, encoder.reduction) == ("mine", "mine", 8)
    assert encoder.encode(torch.rand(2, 3, 32, 80)).shape == (2, 4, 4, 10)
    picture = torch.rand(1, 3, 16, 16, requires_grad=True)
    encoder.encode(picture).sum().backward()
    assert picture.grad is not None


def test_a_network_that_makes_no_even_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotoguardError) as refusal:
        brought(tmp_path / "m.onnx", map_encoder(kernel=5, stride=3))
    assert refusal.value.problem.code is ProblemCode.MODEL_UNFIT
    assert not is_ready()


def test_the_one_that_is_held_out_is_known_by_its_hash_and_family_not_by_its_name() -> None:
    held_out = registry().named("taesana_encoder")
    other = registry().named("taef2_encoder")
    assert held_out is not None
    assert other is not None
    assert installed._takes_part(other.model)
    assert not installed._takes_part(replace(held_out.model, name="friend"))
    converted = replace(other.model, family="f", made_from=held_out.model.sha256)
    assert not installed._takes_part(converted)


@pytest.mark.corpus
def test_local_latent_files_are_converted_and_sorted(model_files: Path) -> None:
    for name in ("taesana_encoder.pth", "taef2_encoder.pth", "taef2_decoder.pth"):
        models.take_in(model_files / "latent" / name, Claim())
    assert is_ready()
    latents = load()
    assert [one.name for one in latents.taking_part] == ["taef2_encoder"]
    assert [one.name for one in latents.held_out] == ["taesana_encoder"]
    assert set(latents.decoders) == {"flux2"}
    assert latents.held_out[0].encode(torch.rand(1, 3, 64, 64)).shape == (1, 32, 2, 2)


@pytest.mark.corpus
def test_the_held_out_encoder_alone_makes_nothing_ready(model_files: Path) -> None:
    models.take_in(model_files / "latent" / "taesana_encoder.pth", Claim())
    assert not is_ready()
