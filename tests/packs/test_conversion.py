"""State dicts become plain numbers once, or nothing does."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from photoguard.errors import Failed, ProblemCode
from photoguard.packs.conversion import converted
from photoguard.packs.tensors import tensors


class Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)

    def __init__(self, path: Path) -> None:
        self.path = path


def test_tensors_keep_their_numbers(tmp_path: Path) -> None:
    state = {"0.weight": torch.randn(4, 3, 3, 3).half(), "0.bias": torch.arange(4.0), "n": torch.tensor(7)}
    torch.save(state, tmp_path / "a.pth")
    converted(tmp_path / "a.pth", tmp_path / "a.safetensors", "a")
    back = tensors((tmp_path / "a.safetensors").read_bytes(), "a")
    assert back.keys() == state.keys()
    for name, tensor in state.items():
        np.testing.assert_array_equal(back[name], tensor.numpy())


@pytest.mark.parametrize("way", ["torch", "pickle", "nested"])
def test_files_that_hold_more_than_tensors_run_nothing(tmp_path: Path, way: str) -> None:
    canary = tmp_path / "ran"
    path = tmp_path / "a.pth"
    if way == "torch":
        torch.save({"w": torch.zeros(2), "x": Trap(canary)}, path)
    elif way == "pickle":
        path.write_bytes(pickle.dumps(Trap(canary)))
    else:
        torch.save({"w": {"nested": torch.zeros(2)}}, path)
    with pytest.raises(Failed) as caught:
        converted(path, tmp_path / "a.safetensors", "a")
    assert caught.value.problem.code is ProblemCode.PICKLE_REFUSED
    assert not canary.exists()
    assert not (tmp_path / "a.safetensors").exists()
