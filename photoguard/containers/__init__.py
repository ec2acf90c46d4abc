"""Containers: what a file carries, and the same file with nothing but its picture. Standard library only."""

from photoguard.containers.rewriting import rewrite
from photoguard.containers.sniffing import known_format, sniff
from photoguard.containers.taking import extract_hidden_picture, inventory
from photoguard.containers.values import Inventory, NeedsReencode, ReencodeReason, Rewritten

__all__ = [
    "Inventory",
    "NeedsReencode",
    "ReencodeReason",
    "Rewritten",
    "extract_hidden_picture",
    "inventory",
    "known_format",
    "rewrite",
    "sniff",
]
