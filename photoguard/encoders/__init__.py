"""Identity encoders: networks that turn a face into a point, one protocol for all of them."""

from photoguard.encoders.installed import BUILT_IN, installed, load

__all__ = ["BUILT_IN", "installed", "load"]
