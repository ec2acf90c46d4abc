"""The one line every photo walks: inventory, pixels, faces, cloak, bytes, proof, file."""

from photoguard.pipeline.protecting import SHIELD_LEFT_OUT, protect
from photoguard.pipeline.reading import LIMIT_BYTES, inspect, read
from photoguard.pipeline.scrubbing import REENCODED, scrub
from photoguard.pipeline.seeing import sighted

__all__ = ["LIMIT_BYTES", "REENCODED", "SHIELD_LEFT_OUT", "inspect", "protect", "read", "scrub", "sighted"]
