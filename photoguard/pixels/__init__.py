"""Pixels freed from their container, and back again."""

from photoguard.pixels.decoding import decode
from photoguard.pixels.opening import DEFAULT_LIMIT_MEGAPIXELS

__all__ = ["DEFAULT_LIMIT_MEGAPIXELS", "decode"]
