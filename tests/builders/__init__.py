"""Dirty photos built from scratch, byte by byte: a secret of its own in every hiding place."""
