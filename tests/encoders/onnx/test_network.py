"""Whole graphs: simplified without a change in value, run for any number of pictures, differentiable in the picture."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch

from photoguard.encoders.onnx import Network, load
from photoguard.encoders.onnx.folding import folded
from photoguard.encoders.onnx.fusion import fused
from photoguard.encoders.onnx.model import Graph, read_model


def pictures(count: int, side: int = 8) -> torch.Tensor:
    return torch.rand(count, 3, side, side, generator=torch.Generator().manual_seed(count))


def same(workshop: Any, model: Any, *, count: int = 3, side: int = 8, is_last: bool = False) -> Network:
    """The network of ``model``, found to agree with onnxruntime picture by picture."""
    network = load(model.SerializeToString(), "model", side)
    batch = pictures(count, side)
    name = model.graph.input[0].name
    for tensor in (batch[:1], batch):
        ours = network(tensor).numpy()
        for picture, vector in zip(tensor, ours, strict=True):
            shown = picture.permute(1, 2, 0) if is_last else picture
            theirs = workshop.run(model, {name: shown[None].contiguous().numpy()})[0].ravel()
            np.testing.assert_allclose(vector, theirs, rtol=1e-4, atol=1e-5)
    return network


def operators(graph: Graph) -> list[str]:
    return [node.operator for node in graph.nodes]


def test_agrees_with_onnxruntime(workshop: Any, small: Any) -> None:
    same(workshop, small.model)


def test_gradients_agree_with_differences(small: Any) -> None:
    network = load(small.data, "model", 8).double()
    chips = pictures(2).double().requires_grad_()
    assert torch.autograd.gradcheck(network, (chips,), fast_mode=True)


def test_nothing_in_it_learns(small: Any) -> None:
    network = load(small.data, "model", 8)
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert not any(buffer.requires_grad for buffer in network.buffers())
    assert not network.training


def test_scaling_and_shifting_merge_into_the_layer_before(small: Any) -> None:
    graph = folded(read_model(small.data), "embedding")
    assert "BatchNormalization" in operators(graph)
    assert "Mul" in operators(graph)
    merged = operators(fused(graph))
    assert "BatchNormalization" not in merged
    assert "Mul" not in merged
    assert merged.count("Conv") == 2


def test_what_two_need_is_not_merged_away(workshop: Any, small: Any) -> None:
    """The convolution's own output counts too, besides the scaled one."""
    node = workshop.node
    nodes = [
        node("Conv", ["picture", "w1"], ["c1"]),
        node("Mul", ["c1", "channel"], ["m1"]),
        node("Add", ["m1", "c1"], ["sum"]),
        node("GlobalAveragePool", ["sum"], ["pooled"]),
        node("Flatten", ["pooled"], ["out"]),
    ]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], small.constants)
    assert "Mul" in operators(fused(folded(read_model(model.SerializeToString()), "out")))
    same(workshop, model)


@pytest.mark.parametrize(
    ("operator", "is_first", "constant"),
    [
        ("Mul", False, (4, 1, 1)),
        ("Mul", True, (1, 4, 1, 1)),
        ("Add", False, ()),
        ("Add", True, (1,)),
        ("Sub", False, (4, 1, 1)),
        ("Sub", True, (4, 1, 1)),
        ("Div", False, (4, 1, 1)),
        ("Div", True, (4, 1, 1)),
        ("Add", False, (6, 6)),
        ("Mul", False, (6,)),
        ("Add", False, (2, 1, 4, 1, 1)),
    ],
)
def test_merging_keeps_the_values(
    workshop: Any, small: Any, operator: str, is_first: bool, constant: tuple[int, ...]
) -> None:
    node = workshop.node
    values = np.random.default_rng(8).uniform(0.5, 2, constant).astype(np.float32)
    nodes = [
        node("Conv", ["picture", "w1", "shift"], ["c1"]),
        node(operator, ["k", "c1"] if is_first else ["c1", "k"], ["scaled"]),
        node("ReduceMean", ["scaled"], ["average"], axes=[-1, -2], keepdims=0),
        node("Reshape", ["average", "row"], ["out"]),
    ]
    constants = small.constants | {"k": values, "row": np.array([1, -1], np.int64)}
    same(workshop, workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], constants))


@pytest.mark.parametrize("turned", [0, 1])
@pytest.mark.parametrize("bias", [None, (6,), (1, 6), (1,)])
def test_dense_layers_take_the_batch_norm_behind_them(
    workshop: Any, small: Any, turned: int, bias: tuple[int, ...] | None
) -> None:
    """As ArcFace ends: a dense layer, then BatchNormalization of its outputs."""
    node = workshop.node
    chance = np.random.default_rng(2)
    weight = chance.normal(size=(6, 192) if turned else (192, 6)).astype(np.float32)
    row = [] if bias is None else ["bias"]
    nodes = [
        node("Flatten", ["picture"], ["flat"]),
        node("Gemm", ["flat", "weight", *row], ["dense"], transB=turned, alpha=0.7, beta=1.3),
        node("BatchNormalization", ["dense", "g", "s", "m", "v"], ["out"], epsilon=1e-3),
    ]
    constants = {name: chance.uniform(0.5, 2, 6).astype(np.float32) for name in "gsmv"} | {"weight": weight}
    if bias is not None:
        constants["bias"] = chance.normal(size=bias).astype(np.float32)
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], constants)
    assert operators(fused(folded(read_model(model.SerializeToString()), "out"))) == ["Flatten", "Gemm"]
    same(workshop, model)


def test_files_for_one_picture_take_several(workshop: Any, small: Any) -> None:
    node = workshop.node
    nodes = [
        node("Conv", ["picture", "w1"], ["c1"]),
        node("Reshape", ["c1", "sides"], ["flat"], allowzero=1),
        node("MatMul", ["flat", "w"], ["out"]),
    ]
    weight = np.random.default_rng(2).normal(size=(144, 5)).astype(np.float32)
    constants = small.constants | {"sides": np.array([1, 144], np.int64), "w": weight}
    network = same(workshop, workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], constants))
    assert not network._is_single


def test_files_that_mix_up_pictures_are_fed_one_by_one(workshop: Any, small: Any) -> None:
    """Mean over the first axis, or a shape without one: right for one picture only."""
    node = workshop.node
    nodes = [
        node("Conv", ["picture", "w1"], ["c1"]),
        node("ReduceMean", ["c1"], ["average"], axes=[0], keepdims=1),
        node("Reshape", ["average", "sides"], ["out"]),
    ]
    constants = small.constants | {"sides": np.array([144], np.int64)}
    network = same(workshop, workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], constants))
    assert network._is_single
    chips = pictures(2).requires_grad_()
    (gradient,) = torch.autograd.grad(network(chips)[1].sum(), chips)
    assert not gradient[0].any()
    assert gradient[1].any()


def test_pictures_with_channels_last(workshop: Any, small: Any) -> None:
    """As TensorFlow's exporters write them."""
    node = workshop.node
    nodes = [
        node("Transpose", ["picture"], ["turned"], perm=[0, 3, 1, 2]),
        node("Conv", ["turned", "w1"], ["c1"]),
        node("GlobalAveragePool", ["c1"], ["pooled"]),
        node("Squeeze", ["pooled", "axes"], ["out"]),
    ]
    constants = small.constants | {"axes": np.array([2, 3], np.int64)}
    model = workshop.model(nodes, {"picture": [None, 8, 8, 3]}, ["out"], constants)
    same(workshop, model, is_last=True)


def test_takes_the_output_that_is_a_vector(workshop: Any, small: Any) -> None:
    """Some files also give feature maps; what only these need may even be unknown."""
    node = workshop.node
    nodes = [
        node("DeformConv", ["picture", "w1"], ["map"]),
        node("Identity", ["picture"], ["copy"]),
        *small.nodes,
    ]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["copy", "map", "embedding"], small.constants)
    assert torch.equal(load(model.SerializeToString(), "m", 8)(pictures(2)), load(small.data, "m", 8)(pictures(2)))


def test_half_precision_weights_are_computed_in_full(workshop: Any, small: Any) -> None:
    """As fp16 converters write: casts at both ends, halves inside."""
    node = workshop.node
    nodes = [
        node("Cast", ["picture"], ["half"], to=10),
        node("Conv", ["half", "w"], ["c1"]),
        node("GlobalAveragePool", ["c1"], ["pooled"]),
        node("Flatten", ["pooled"], ["flat"]),
        node("Cast", ["flat"], ["out"], to=1),
    ]
    model = workshop.model(nodes, {"picture": [1, 3, 8, 8]}, ["out"], {"w": small.constants["w1"].astype(np.float16)})
    network = load(model.SerializeToString(), "m", 8)
    theirs = workshop.run(model, {"picture": pictures(1).numpy()})[0]
    np.testing.assert_allclose(network(pictures(1)).numpy(), theirs, rtol=5e-3, atol=5e-3)
    assert network(pictures(1)).dtype == torch.float32


def test_copies_are_independent(small: Any) -> None:
    """Randomly perturbed copies of one network make a cloak carry over better to others."""
    network = load(small.data, "m", 8)
    before = network(pictures(2))
    twin = copy.deepcopy(network)
    for buffer in twin.buffers():
        if buffer.is_floating_point():
            buffer.add_(0.1)
    assert torch.equal(network(pictures(2)), before)
    assert not torch.allclose(twin(pictures(2)), before)
