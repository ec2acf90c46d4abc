"""What every latent encoder and decoder offers, whatever file its weights came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


class LatentEncoder(Protocol):
    """Maps a picture to the small map of numbers that an editor works on."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str:
        """Encoders and decoders of one family share a latent space."""
        ...

    @property
    def reduction(self) -> int:
        """Picture pixels per latent along a side; the picture's sides must be divisible by it."""
        ...

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """Latents (n, c, h / reduction, w / reduction) of RGB pictures (n, 3, h, w) in 0..1; differentiable."""
        ...


class LatentDecoder(Protocol):
    """Maps latents back to a picture: what an editor would see if it changed nothing."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str: ...

    @property
    def channels(self) -> int:
        """Of the latents."""
        ...

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """RGB pictures (n, 3, h, w), about 0..1 and not cut off there, so that gradients pass; differentiable."""
        ...
