"""Identity encoders: networks that turn a face into a point, one protocol for all of them."""

from photoguard.encoders.installed import default_set, installed, kept_out, load, usable
from photoguard.packs.description import BUILT_IN

__all__ = ["BUILT_IN", "default_set", "installed", "kept_out", "load", "usable"]
