"""Pixels freed from their container, and back again."""

from photoguard.pixels.decoding import decode, try_decoding
from photoguard.pixels.encoding import encode, encoding_for, mcu_size, suited
from photoguard.pixels.moving import reencode_moving
from photoguard.pixels.opening import DEFAULT_LIMIT_MEGAPIXELS
from photoguard.pixels.reencoding import Reencoded, reencode
from photoguard.pixels.resizing import reduced

__all__ = [
    "DEFAULT_LIMIT_MEGAPIXELS",
    "Reencoded",
    "decode",
    "encode",
    "encoding_for",
    "mcu_size",
    "reduced",
    "reencode",
    "reencode_moving",
    "suited",
    "try_decoding",
]
