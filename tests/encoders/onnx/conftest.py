"""Builds ONNX models with the onnx package and runs them with onnxruntime, the oracle of all tests here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    def run(self, model: Any, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        options = self._onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        session = self._onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        return session.run(None, feed)


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    onnx = pytest.importorskip("onnx")
    return Workshop(onnx, pytest.importorskip("onnxruntime"))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


Check = Callable[..., None]
