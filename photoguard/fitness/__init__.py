"""Tries out a model file before it is installed: it must do what its description says."""

from photoguard.fitness.trying import try_out

__all__ = ["try_out"]
