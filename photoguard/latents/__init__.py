"""What image editors read a photo through: encoders into the latent spaces in which they work, and decoders back."""

from photoguard.latents.installed import Latents, is_ready, load

__all__ = ["Latents", "is_ready", "load"]
