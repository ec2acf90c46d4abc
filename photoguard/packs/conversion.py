"""Turns a PyTorch state dict (.pth, .pt) into safetensors, once, in a process that is thrown away.

Such files are pickles, which can run code. PyTorch's restricted reader lets only tensors through; should it have a hole,
what comes through it lives in a process that ends at once, and only raw numbers leave that.
"""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import suppress
from pathlib import Path

from photoguard.errors import Failed, ProblemCode

SUFFIXES = (".pth", ".pt", ".bin", ".ckpt")
_MOST_BYTES = 1 << 29
_PATIENCE_S = 120
_MOST_MEMORY = 8 << 30


def converted(source: Path, target: Path, name: str) -> None:
    """Write the tensors of the state dict in ``source`` to ``target`` as safetensors.

    Raises ``Failed``: PICKLE_REFUSED for anything but a flat dict of tensors, or where the reader died or took too long;
    MODEL_TOO_LARGE.
    """
    size = source.stat().st_size
    if size > _MOST_BYTES:
        raise Failed(ProblemCode.MODEL_TOO_LARGE, model=name, what="bytes", count=size, limit=_MOST_BYTES)
    process = multiprocessing.get_context("spawn").Process(
        target=_convert, args=(str(source), str(target)), daemon=True
    )
    process.start()
    process.join(_PATIENCE_S)
    if process.is_alive():
        process.kill()
        process.join()
    if process.exitcode != 0 or not target.is_file():
        with suppress(OSError):
            target.unlink()
        raise Failed(ProblemCode.PICKLE_REFUSED, model=name)


def _convert(source: str, target: str) -> None:
    """The work of the other process; any exception there is a refusal here."""
    sys.stderr = None  # a refusal is told by the parent
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    import torch

    from photoguard.packs.tensors import written

    state = torch.load(source, map_location="cpu", weights_only=True)
    if not isinstance(state, dict) or not state:
        raise TypeError
    arrays = {}
    for key, tensor in state.items():
        if not isinstance(key, str) or type(tensor) is not torch.Tensor or tensor.layout is not torch.strided:
            raise TypeError
        arrays[key] = tensor.numpy()
    Path(target).write_bytes(written(arrays))
