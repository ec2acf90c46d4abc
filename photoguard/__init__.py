"""Protect a photo before it is posted: metadata off, faces cloaked, and proof of both."""

__version__ = "0.1.0"
