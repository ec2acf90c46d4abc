"""A latent encoder from an ONNX file."""

from __future__ import annotations

import torch

from photoguard.encoders import onnx


class OnnxLatentEncoder:
    """For RGB pictures in 0..1, which is what small latent encoders take."""

    def __init__(self, name: str, family: str, network: onnx.Network, reduction: int) -> None:
        self.name, self.family, self.reduction = name, family, reduction
        self._network = network

    def state_dict(self) -> dict[str, torch.Tensor]:
        """The weights, by which encoders are told apart."""
        return dict(self._network.state_dict())

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """See :class:`photoguard.latents.protocol.LatentEncoder`."""
        return self._network.values(pictures)


def read(data: bytes, name: str, family: str) -> OnnxLatentEncoder:
    """The encoder in the ONNX file ``data``. Raises ``Failed`` as :func:`photoguard.encoders.onnx.load_map`."""
    network, reduction = onnx.load_map(data, name)
    return OnnxLatentEncoder(name, family, network, reduction)
