"""A face recogniser from an ONNX file, behind the protocol of all encoders."""

from __future__ import annotations

import hashlib

import torch
import torch.nn.functional as F
from torch import nn

from photoguard.encoders import onnx
from photoguard.encoders.input_convention import InputConvention
from photoguard.encoders.protocol import ChipInput


class OnnxEncoder(nn.Module):
    """Brings chips into the recogniser's convention and its outputs onto the unit sphere."""

    strangers = 0.0
    """Recognisers of the ArcFace family spread strangers evenly; dlib's does not."""

    def __init__(self, name: str, network: onnx.Network, chip: ChipInput, convention: InputConvention) -> None:
        super().__init__()
        self.name = name
        self.sha256 = ""
        """Of the file, where it came from one: what a recogniser's cosines mean is known by it, not by a name."""
        self.chip = chip
        self.network = network
        self._is_bgr = convention.is_bgr
        mean, spread = (torch.tensor(triple).view(1, 3, 1, 1) for triple in (convention.mean, convention.spread))
        self.register_buffer("gain", convention.top / spread)
        self.register_buffer("shift", -mean / spread)
        self.eval()

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, d) of RGB chips (n, 3, size, size) in 0..1; differentiable in the chips."""
        vectors: torch.Tensor = self.network(self.prepared(chips))
        return F.normalize(vectors, dim=1)

    def prepared(self, chips: torch.Tensor) -> torch.Tensor:
        """RGB ``chips`` in 0..1 as the network wants them."""
        ordered = chips.flip(1) if self._is_bgr else chips
        return ordered * self.get_buffer("gain") + self.get_buffer("shift")


def read(data: bytes, name: str, chip: ChipInput, convention: InputConvention) -> OnnxEncoder:
    """The encoder in the ONNX file ``data``, on the CPU.

    Raises ``Failed``: MODEL_MALFORMED, MODEL_UNFIT, MODEL_TOO_LARGE, UNSUPPORTED_OPERATOR.
    """
    encoder = OnnxEncoder(name, onnx.load(data, name, chip.size), chip, convention)
    encoder.sha256 = hashlib.sha256(data).hexdigest()
    return encoder
