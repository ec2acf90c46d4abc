"""Model files in little, built here: they see enough to be installed, and each seed makes another file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photoguard.fitness.drawing import PEOPLE, drawn


def recogniser(seed: int = 0, *, is_blind: bool = False) -> bytes:
    """An ONNX file that tells drawn people apart by an 8 x 8 pixel view of what is not common to them all."""
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    common = np.mean([drawn(one, "arcface112", 112) for one in PEOPLE], axis=0)
    common = common.reshape(1, 3, 8, 14, 8, 14).mean((3, 5)).astype(np.float32)
    common -= common.mean()
    mixing = np.random.default_rng(seed).normal(size=(192, 64)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["x"], ["coarse"], kernel_shape=[14, 14], strides=[14, 14]),
        helper.make_node("ReduceMean", ["coarse"], ["light"], axes=[1, 2, 3]),
        helper.make_node("Sub", ["coarse", "light"], ["shape"]),
        helper.make_node("Sub", ["shape", "common"], ["own"]),
        helper.make_node("Flatten", ["own"], ["flat"]),
        helper.make_node("MatMul", ["flat", "mixing"], ["mixed"]),
    ]
    constants = {"common": common, "mixing": mixing * 0 if is_blind else mixing}
    if is_blind:
        nodes.append(helper.make_node("Add", ["mixed", "one"], ["y"]))
        constants["one"] = np.ones(64, np.float32)
    else:
        nodes.append(helper.make_node("Identity", ["mixed"], ["y"]))
    return _model(onnx, nodes, constants, [1, 3, 112, 112])


def _model(onnx: Any, nodes: list[Any], constants: dict[str, np.ndarray], shape: list[int]) -> bytes:
    helper = onnx.helper
    ends = helper.make_tensor_value_info("x", 1, shape), helper.make_empty_tensor_value_info("y")
    weights = [onnx.numpy_helper.from_array(values, name) for name, values in constants.items()]
    graph = helper.make_graph(nodes, "g", [ends[0]], [ends[1]], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    data: bytes = model.SerializeToString()
    return data


def listed(folder: Path, *tables: dict[str, object]) -> None:
    """Write a MANIFEST.toml of ``tables`` into ``folder``."""
    lines = []
    for table in tables:
        lines.append("[[model]]")
        lines += [f"{key} = {value if isinstance(value, int) else repr(value)}" for key, value in table.items()]
    (folder / "MANIFEST.toml").write_text("\n".join(lines), encoding="utf-8")
