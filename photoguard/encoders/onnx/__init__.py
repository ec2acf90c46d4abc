"""Reads ONNX face recognisers without the onnx package and runs them in torch."""

from photoguard.encoders.onnx.loading import check, load, load_map
from photoguard.encoders.onnx.network import Network

__all__ = ["Network", "check", "load", "load_map"]
