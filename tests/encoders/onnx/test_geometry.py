"""Whatever the kernel, stride, margin and rounding: windows lie where onnxruntime puts them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from photoguard.encoders.onnx.call import compiled
from photoguard.encoders.onnx.model import read_model

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    """Attributes of a two-dimensional window whose margins are smaller than itself, as every runtime demands."""
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    attributes: dict[str, Any] = {"kernel_shape": kernel, "strides": draw(st.tuples(*[st.integers(1, 3)] * 2))}
    how = draw(st.sampled_from(["pads", "SAME_UPPER", "SAME_LOWER", "VALID"]))
    if how == "pads":
        attributes["pads"] = [draw(st.integers(0, side - 1)) for side in (*kernel, *kernel)]
    else:
        attributes["auto_pad"] = how
    return attributes


def compare(workshop: Any, operator: str, inputs: list[np.ndarray], attributes: dict[str, Any], opset: int) -> None:
    model, feed = workshop.operator(operator, inputs, opset=opset, **attributes)
    try:
        (expected,) = workshop.run(model, feed)
    except Exception:  # noqa: BLE001  onnxruntime's own refusals have many names
        assume(False)
    assume(expected.size > 0)
    graph = read_model(model.SerializeToString())
    (ours,) = compiled(graph.nodes[0], graph.opset)([torch.from_numpy(values) for values in inputs])
    assert tuple(ours.shape) == expected.shape
    np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-5, atol=1e-5)


def leaves_gaps(window: dict[str, Any]) -> bool:
    """Windows that touch only part of the picture; with SAME, runtimes disagree about which (negative margins)."""
    is_same = window.get("auto_pad", "").startswith("SAME")
    return is_same and any(s > k for k, s in zip(window["kernel_shape"], window["strides"], strict=True))


def picture(rows: int, columns: int, channels: int = 4) -> np.ndarray:
    return np.random.default_rng(rows * 31 + columns).normal(size=(2, channels, rows, columns)).astype(np.float32)


sides = st.integers(4, 9)


@few
@given(windows(), sides, sides, st.sampled_from([1, 2, 4]), st.integers(1, 2))
def test_convolutions(workshop: Any, window: dict[str, Any], rows: int, columns: int, groups: int, spread: int) -> None:
    weight = np.random.default_rng(5).normal(size=(8, 4 // groups, *window["kernel_shape"])).astype(np.float32)
    dilations = (spread, 1) if "auto_pad" not in window or window["auto_pad"] == "VALID" else (1, 1)
    attributes = window | {"group": groups, "dilations": dilations}
    compare(workshop, "Conv", [picture(rows, columns), weight], attributes, 17)


@few
@given(windows(), sides, sides, st.booleans())
def test_highest_in_each_window(
    workshop: Any, window: dict[str, Any], rows: int, columns: int, rounds_up: bool
) -> None:
    assume(not leaves_gaps(window))
    compare(workshop, "MaxPool", [picture(rows, columns)], window | {"ceil_mode": int(rounds_up)}, 17)


@few
@given(windows(), sides, sides, st.booleans(), st.booleans())
def test_mean_of_each_window(
    workshop: Any, window: dict[str, Any], rows: int, columns: int, rounds_up: bool, counts_margin: bool
) -> None:
    assume(not leaves_gaps(window))
    attributes = window | {"ceil_mode": int(rounds_up), "count_include_pad": int(counts_margin)}
    compare(workshop, "AveragePool", [picture(rows, columns)], attributes, 19)
