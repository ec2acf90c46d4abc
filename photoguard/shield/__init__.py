"""A pattern over the whole photo that the latent encoders of image editors misread."""

from photoguard.shield.shielding import LEAST_SIDE_PX, Shielded, shield

__all__ = ["LEAST_SIDE_PX", "Shielded", "shield"]
