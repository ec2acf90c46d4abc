"""Containers: what a file carries, and the same file with nothing but its picture. Standard library only."""

from photoguard.containers.rewriting import rewrite
from photoguard.containers.sniffing import known_format, sniff
from photoguard.containers.values import Inventory, NeedsReencode, ReencodeReason, Rewritten

__all__ = [
    "Inventory",
    "NeedsReencode",
    "ReencodeReason",
    "Rewritten",
    "known_format",
    "rewrite",
    "sniff",
]
