"""Turns the bytes of an ONNX file into a network that was tried out, or says why not."""

from __future__ import annotations

import math

import torch

from photoguard.encoders.onnx.batching import freed
from photoguard.encoders.onnx.call import FAILURES
from photoguard.encoders.onnx.folding import folded
from photoguard.encoders.onnx.fusion import fused
from photoguard.encoders.onnx.model import Graph, read_model
from photoguard.encoders.onnx.network import Network
from photoguard.encoders.onnx.rehearsal import rehearsed
from photoguard.encoders.onnx.unusable import Unusable, malformed, unfit

_WIDTHS = range(2, 8193)
"""How many numbers an embedding may have."""
_MAP_SIDES = (64, 128)
"""Sides of the pictures by which it is found out how much smaller a map is."""
_AGREES = 1e-3
"""Greatest difference, relative to the vector's length, between a picture alone and in a batch."""


def load(data: bytes, model: str, size: int) -> Network:
    """The network in the ONNX file ``data`` for pictures of ``size`` x ``size``, on the CPU, without gradients of its own.

    One input of pictures (n, 3, size, size) or (n, size, size, 3); of several outputs the first that is one vector per
    picture. Any number of pictures goes through, also where the file was written for one.

    Raises ``Failed``, with ``model`` as it is called to the user: MODEL_MALFORMED, MODEL_UNFIT, MODEL_TOO_LARGE, or
    UNSUPPORTED_OPERATOR. The data are not trusted: sizes are bounded before anything is allocated or computed.
    """
    try:
        return _network(read_model(data), size)
    except Unusable as error:
        raise error.named(model) from error


def load_map(data: bytes, model: str) -> tuple[Network, int]:
    """The network in the ONNX file ``data`` that makes a smaller map of numbers (n, c, h / k, w / k) of pictures
    (n, 3, h, w) of any size, and k; on the CPU. Its values come by :meth:`Network.values`.

    Raises ``Failed`` as :func:`load` does.
    """
    try:
        graph = read_model(data)
        if len(graph.inputs) != 1 or _is_channels_last(graph.inputs[0].shape, _MAP_SIDES[0]):
            raise unfit("inputs")
        part = folded(graph, graph.outputs[0].name if graph.outputs else "")
        shapes = [rehearsed(part, (1, 3, side, side))[part.outputs[0].name] for side in _MAP_SIDES]
        reduction = _MAP_SIDES[0] // shapes[0][-1] if shapes[0] and shapes[0][-1] else 0
        wanted = [(1, shapes[0][1], side // reduction, side // reduction) for side in _MAP_SIDES] if reduction else []
        if shapes != wanted:
            raise unfit("outputs")
        return Network(fused(part), is_channels_last=False), reduction
    except Unusable as error:
        raise error.named(model) from error


def _network(graph: Graph, size: int) -> Network:
    if len(graph.inputs) != 1:
        raise unfit("inputs")
    is_channels_last = _is_channels_last(graph.inputs[0].shape, size)
    entry = (1, size, size, 3) if is_channels_last else (1, 3, size, size)
    graph, shapes = _embedding(graph, entry)
    graph = fused(graph)
    network = Network(freed(graph, shapes), is_channels_last=is_channels_last)
    if not _takes_batches(network, size):
        network = Network(graph, is_channels_last=is_channels_last, is_single=True)
        if not _takes_batches(network, size):
            raise malformed("batch")
    return network


def _is_channels_last(shape: tuple[int | None, ...] | None, size: int) -> bool:
    """Whether the pictures' channels come last. Raises ``Unusable`` where the declared input is no such picture."""
    if shape is None:
        return False
    if len(shape) != 4:
        raise unfit("input_shape")
    for is_last, wanted in ((False, (3, size, size)), (True, (size, size, 3))):
        if all(side in {None, expected} for side, expected in zip(shape[1:], wanted, strict=True)):
            return is_last
    raise unfit("input_shape")


def _embedding(graph: Graph, entry: tuple[int, ...]) -> tuple[Graph, dict[str, tuple[int, ...]]]:
    """``graph`` reduced to its first output that is a vector, and the shapes on the way."""
    refusal = unfit("outputs")
    for port in graph.outputs[:8]:
        try:
            part = folded(graph, port.name)
            shapes = dict(rehearsed(part, entry))
        except Unusable as error:
            refusal = error
            continue
        shape = shapes[part.outputs[0].name]
        if math.prod(shape) == max(shape, default=0) and math.prod(shape) in _WIDTHS:
            return part, shapes
        refusal = unfit("outputs")
    raise refusal


def _takes_batches(network: Network, size: int) -> bool:
    """Try the network out: whether several pictures give what each gives alone, and numbers at all."""
    chance = torch.Generator().manual_seed(0)
    pictures = torch.rand(2, 3, size, size, generator=chance)
    try:
        with torch.no_grad():
            alone = torch.cat([network(picture[None]) for picture in pictures])
            together = network(pictures)
    except (*FAILURES, Unusable):
        return False
    if together.shape != alone.shape:
        return False
    if not bool(alone.isfinite().all()):
        raise malformed("numbers")
    lengths = torch.linalg.vector_norm(alone, dim=1)
    return bool((torch.linalg.vector_norm(together - alone, dim=1) <= _AGREES * lengths + 1e-6).all())


def check(data: bytes, model: str) -> None:
    """Return when ``data`` is an ONNX file within all bounds, that needs no other file; nothing is computed.

    Raises ``Failed``, with ``model`` as it is called to the user: MODEL_MALFORMED, MODEL_UNFIT, MODEL_TOO_LARGE.
    """
    try:
        read_model(data)
    except Unusable as error:
        raise error.named(model) from error
