"""The operators that recognisers are made of, each as a differentiable function."""

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator
from photoguard.encoders.onnx.operators.table import OPERATORS

__all__ = ["OPERATORS", "Apply", "Attributes", "Operator"]
