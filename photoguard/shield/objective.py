"""How far an editor's reading of a window is from the picture, as a quantity to push up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from photoguard.latents.protocol import LatentDecoder, LatentEncoder


class Misreading:
    """Asks the latent encoders that take part, in turn."""

    def __init__(self, encoders: Sequence[LatentEncoder], decoders: Mapping[str, LatentDecoder]) -> None:
        """``decoders``: by family."""
        self._encoders, self._decoders = tuple(encoders), decoders

    def of(self, turn: int, clean: torch.Tensor, changed: torch.Tensor) -> torch.Tensor:
        """Mean squared error of what the ``turn``-th encoder makes of ``changed``; differentiable in it.

        Where a decoder of its family is there, of the decoded picture (0..1) against ``clean``. A latent can be moved far in
        directions that decoders hardly look at: pushed through the decoder, the same visibility buys a change that shows
        (17 dB against 27 on one photo). Without a decoder it is the change of the latent over the clean latent's size.
        """
        encoder = self._encoders[turn % len(self._encoders)]
        latent = encoder.encode(changed)
        if (decoder := self._decoders.get(encoder.family)) is not None:
            return (decoder.decode(latent) - clean).square().mean()
        with torch.no_grad():
            own = encoder.encode(clean)
        return (latent - own).square().mean() / own.square().mean()
