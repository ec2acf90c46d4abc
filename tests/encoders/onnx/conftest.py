"""Builds ONNX models with the onnx package and runs them with onnxruntime, the oracle of all tests here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

Arrays = Sequence[np.ndarray | None]


class Workshop:
    """Makes model files; every one carries the version of its operator set."""

    def __init__(self, onnx: Any, onnxruntime: Any) -> None:
        self.onnx = onnx
        self._onnxruntime = onnxruntime

    def node(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> Any:
        return self.onnx.helper.make_node(operator, list(inputs), list(outputs), **attributes)

    def model(
        self,
        nodes: Sequence[Any],
        inputs: dict[str, Sequence[int | str | None]],
        outputs: Sequence[str],
        constants: dict[str, np.ndarray] | None = None,
        opset: int = 17,
        kinds: dict[str, int] | None = None,
    ) -> Any:
        helper = self.onnx.helper
        ports = [
            helper.make_tensor_value_info(name, (kinds or {}).get(name, 1), shape) for name, shape in inputs.items()
        ]
        ends = [helper.make_empty_tensor_value_info(name) for name in outputs]
        weights = [self.onnx.numpy_helper.from_array(values, name) for name, values in (constants or {}).items()]
        graph = helper.make_graph(list(nodes), "graph", ports, ends, weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        model.ir_version = 8 if opset < 20 else 10
        return model

    def operator(
        self, operator: str, inputs: Arrays, *, outputs: int = 1, opset: int = 17, **attributes: Any
    ) -> tuple[Any, dict[str, np.ndarray]]:
        """A model of one node with all inputs fed from outside, and what to feed."""
        feed = {f"x{place}": values for place, values in enumerate(inputs) if values is not None}
        names = [f"x{place}" if values is not None else "" for place, values in enumerate(inputs)]
        made = [f"y{place}" for place in range(outputs)]
        kinds = {name: self.onnx.helper.np_dtype_to_tensor_dtype(values.dtype) for name, values in feed.items()}
        nodes = [self.node(operator, names, made, **attributes)]
        shapes = {name: values.shape for name, values in feed.items()}
        return self.model(nodes, shapes, made, opset=opset, kinds=kinds), feed

    def session(self, data: bytes) -> Any:
        options = self._onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        return self._onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    def run(self, model: Any, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        return self.session(model.SerializeToString()).run(None, feed)


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    onnx = pytest.importorskip("onnx")
    return Workshop(onnx, pytest.importorskip("onnxruntime"))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


class Small:
    """A recogniser in little, 8 x 8 pixels to 6 numbers, with everything that real ones are made of."""

    SIDE = 8

    def __init__(self, workshop: Workshop) -> None:
        chance = np.random.default_rng(1)

        def weights(*shape: int) -> np.ndarray:
            return chance.normal(0, 0.5, shape).astype(np.float32)

        node = workshop.node
        self.constants = {
            "half": np.array(0.5, np.float32),
            "w1": weights(4, 3, 3, 3),
            "gain": weights(4),
            "shift": weights(4),
            "mean": weights(4),
            "variance": np.abs(weights(4)) + 0.5,
            "slope": weights(4, 1, 1),
            "w2": weights(4, 1, 3, 3),
            "b2": weights(4),
            "channel": np.array([[[[1.5]], [[-0.5]], [[2.0]], [[0.25]]]], np.float32),
            "first": np.array(0, np.int64),
            "rest": np.array([-1], np.int64),
            "w3": weights(6, 64),
            "b3": weights(6),
        }
        self.nodes = [
            node("Sub", ["picture", "half"], ["centred"]),
            node("Conv", ["centred", "w1"], ["c1"], pads=[1, 1, 1, 1], name="stem"),
            node("BatchNormalization", ["c1", "gain", "shift", "mean", "variance"], ["n1"], epsilon=1e-4),
            node("PRelu", ["n1", "slope"], ["p1"]),
            node("Conv", ["p1", "w2", "b2"], ["c2"], group=4, strides=[2, 2], pads=[1, 1, 1, 1]),
            node("Mul", ["c2", "channel"], ["m2"]),
            node("Clip", ["m2", "", "most"], ["k2"]),
            node("Constant", [], ["most"], value_float=2.0),
            node("Shape", ["k2"], ["shape"]),
            node("Gather", ["shape", "first"], ["count"]),
            node("Unsqueeze", ["count", "axes"], ["counts"]),
            node("Constant", [], ["axes"], value_ints=[0]),
            node("Concat", ["counts", "rest"], ["sides"], axis=0),
            node("Reshape", ["k2", "sides"], ["flat"]),
            node("Gemm", ["flat", "w3", "b3"], ["embedding"], transB=1),
        ]
        self.nodes.sort(key=lambda one: one.op_type != "Constant")
        self.model = workshop.model(self.nodes, {"picture": ["n", 3, 8, 8]}, ["embedding"], self.constants)
        self.data: bytes = self.model.SerializeToString()


@pytest.fixture(scope="session")
def small(workshop: Workshop) -> Small:
    return Small(workshop)
