"""Real recognisers and the one that swap tools use: the same embedding as onnxruntime, one picture or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from photoguard.encoders.onnx import Network, load


def agree(workshop: Any, data: bytes, side: int, top: float) -> Network:
    """The network in ``data``; its embeddings of one and of three pictures have cosine >= 0.9999 with onnxruntime's."""
    network = load(data, "model", side)
    session = workshop.session(data)
    name = session.get_inputs()[0].name
    pictures = torch.rand(3, 3, side, side, generator=torch.Generator().manual_seed(1)) * top
    theirs = np.concatenate([session.run(None, {name: one[None].numpy()})[0].reshape(1, -1) for one in pictures])
    with torch.no_grad():
        for count in (1, 3):
            ours = network(pictures[:count]).numpy()
            assert ours.shape == theirs[:count].shape
            lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs[:count], axis=1)
            cosines = (ours * theirs[:count]).sum(1) / lengths
            assert cosines.min() >= 0.9999
            np.testing.assert_allclose(ours, theirs[:count], atol=1e-4 * np.abs(theirs).max())
    return network


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "side", "top"),
    [
        ("surrogates/openvino_0095.onnx", 128, 255.0),
        ("surrogates/foamliu_mobilefacenet.onnx", 112, 1.0),
        ("surrogates/espdl_mbf.onnx", 112, 1.0),
        ("surrogates/espdl_mfn.onnx", 112, 1.0),
        ("evaluators/insight_y1_ncnn.onnx", 112, 1.0),
        ("evaluators/xiaoccer_casia.onnx", 112, 1.0),
    ],
)
def test_published_recognisers(workshop: Any, model_files: Path, file: str, side: int, top: float) -> None:
    path = model_files / file
    if not path.is_file():
        pytest.skip(f"no {path}")
    network = agree(workshop, path.read_bytes(), side, top)
    assert not network._is_single


class IResNet:
    """Writes an IResNet as insightface's ArcFace exporter does, with random weights.

    Blocks of BatchNormalization, Conv, PRelu, Conv and a shortcut; at the end BatchNormalization, Flatten, Gemm and
    BatchNormalization of the 512 features (Deng et al. 2019, "ArcFace", and its torch implementation, opset 11).
    """

    def __init__(self, workshop: Any, layers: tuple[int, ...], widths: tuple[int, ...], side: int = 112) -> None:
        self._workshop = workshop
        self._chance = np.random.default_rng(0)
        self._nodes: list[Any] = []
        self._constants: dict[str, np.ndarray] = {}
        self._names = (f"{number}" for number in range(100_000))
        self.side = side
        value = self._prelu(self._conv("input.1", 3, widths[0], 3, 1), widths[0])
        channels = widths[0]
        for count, width in zip(layers, widths, strict=True):
            for place in range(count):
                value = self._block(value, channels, width, 2 if place == 0 else 1)
                channels = width
        value = self._norm(value, channels)
        last = side // 16
        value = self._add("Flatten", [value], axis=1)
        value = self._add("Gemm", [value, self._weights(512, channels * last * last), self._weights(512)], transB=1)
        value = self._norm(value, 512)
        self.model = workshop.model(
            self._nodes, {"input.1": ["None", 3, side, side]}, [value], self._constants, opset=11
        )

    def _block(self, value: str, before: int, after: int, stride: int) -> str:
        inner = self._norm(value, before)
        inner = self._prelu(self._conv(inner, before, after, 3, 1), after)
        inner = self._conv(inner, after, after, 3, stride)
        short = value if stride == 1 and before == after else self._conv(value, before, after, 1, stride)
        return self._add("Add", [inner, short])

    def _conv(self, value: str, before: int, after: int, kernel: int, stride: int) -> str:
        options = {
            "dilations": [1, 1],
            "group": 1,
            "kernel_shape": [kernel] * 2,
            "pads": [kernel // 2] * 4,
            "strides": [stride] * 2,
        }
        weights = self._weights(after, before, kernel, kernel)
        return self._add("Conv", [value, weights, self._weights(after)], **options)

    def _norm(self, value: str, channels: int) -> str:
        parts = [self._uniform(channels) for _ in range(4)]
        return self._add("BatchNormalization", [value, *parts], epsilon=1e-5, momentum=0.9)

    def _prelu(self, value: str, channels: int) -> str:
        return self._add("PRelu", [value, self._constant(self._chance.uniform(0, 0.5, (channels, 1, 1)))])

    def _weights(self, *shape: int) -> str:
        spread = (2 / max(1, int(np.prod(shape[1:])))) ** 0.5 / 2
        # scaled integers: forty million normal variates would take longer than the whole test
        raw = np.frombuffer(self._chance.bytes(int(np.prod(shape))), np.int8).astype(np.float32)
        return self._constant(raw.reshape(shape) * np.float32(spread / 74))

    def _uniform(self, channels: int) -> str:
        return self._constant(self._chance.uniform(0.6, 1.4, channels))

    def _constant(self, values: np.ndarray) -> str:
        name = f"w{next(self._names)}"
        self._constants[name] = values.astype(np.float32)
        return name

    def _add(self, operator: str, inputs: list[str], **options: Any) -> str:
        name = next(self._names)
        self._nodes.append(self._workshop.node(operator, inputs, [name], **options))
        return name


@pytest.fixture
def narrow(workshop: Any) -> IResNet:
    return IResNet(workshop, (3, 4, 14, 3), (8, 16, 24, 32))


def test_an_arcface_network_in_little(workshop: Any, narrow: IResNet) -> None:
    """IResNet-50's depth at an eighth of its width or less."""
    network = agree(workshop, narrow.model.SerializeToString(), narrow.side, 1.0)
    chips = torch.rand(2, 3, narrow.side, narrow.side, generator=torch.Generator().manual_seed(5)).requires_grad_()
    (gradient,) = torch.autograd.grad(network(chips)[0].square().sum(), chips)
    assert gradient[0].abs().max() > 0
    assert not gradient[1].any()


@pytest.mark.slow
def test_the_arcface_network_that_swap_tools_use(workshop: Any) -> None:
    """IResNet-50 at its full width, 43.6 million parameters."""
    whole = IResNet(workshop, (3, 4, 14, 3), (64, 128, 256, 512))
    data = whole.model.SerializeToString()
    assert len(data) > 170_000_000
    agree(workshop, data, whole.side, 1.0)
