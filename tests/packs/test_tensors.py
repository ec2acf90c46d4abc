"""safetensors files: what was written is read, and nothing else is."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoguard.errors import Failed, ProblemCode
from photoguard.packs.tensors import tensors, written


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.tuples(st.sampled_from(["<f4", "<f2", "<f8", "<i8", "u1", "?"]), st.lists(st.integers(0, 4), max_size=4)),
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_arrays_come_back_as_they_went(shapes: dict[str, tuple[str, list[int]]]) -> None:
    chance = np.random.default_rng(0)
    arrays = {name: (chance.random(shape) * 9).astype(kind) for name, (kind, shape) in shapes.items()}
    data = written(arrays)
    assert data == written(dict(reversed(arrays.items())))
    back = tensors(data, "m")
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        assert back[name].shape == array.shape
        np.testing.assert_array_equal(back[name], array)


def test_another_program_writes_what_we_read_and_reads_what_we_write() -> None:
    other = pytest.importorskip("safetensors.numpy")
    arrays = {"b": np.arange(6, dtype=np.float32).reshape(2, 3), "a": np.array([1, -2], np.int64)}
    for data, read in ((other.save(arrays), lambda data: tensors(data, "m")), (written(arrays), other.load)):
        back = read(data)
        assert back.keys() == arrays.keys()
        assert all((back[name] == arrays[name]).all() for name in arrays)


def _file(header: object, body: bytes = b"\0" * 8) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def entry(begin: object = 0, end: object = 8, shape: object = (2,), kind: object = "F32") -> dict[str, object]:
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 7,
        b"\xff" * 8,
        _file(b"{"),
        _file([1]),
        _file(b"[" * 100_000),
        _file({"a": 3}),
        _file({"a": entry(shape=[3])}),
        _file({"a": entry(end=16, shape=[4])}),
        _file({"a": entry(begin=-8, end=0)}),
        _file({"a": entry(kind="X")}),
        _file({"a": entry(shape=[2.0])}),
        _file({"a": entry(shape=[True, 2])}),
        _file({"a": entry(end=4, shape=[1])}),
        _file({"a": entry(), "b": entry()}),
        _file({"a": entry(begin=4, end=8, shape=[1])}),
        _file({"a": {"dtype": "F32"}}),
        _file({}, b"x"),
    ],
)
def test_files_that_contradict_themselves_are_refused(data: bytes) -> None:
    with pytest.raises(Failed) as caught:
        tensors(data, "m")
    assert caught.value.problem.code is ProblemCode.MODEL_MALFORMED
