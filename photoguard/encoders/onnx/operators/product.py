"""Matrix products. Source: ONNX operators, Gemm and MatMul."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from photoguard.encoders.onnx.operators.operator import Apply, Attributes, Operator, plain
from photoguard.encoders.onnx.unusable import malformed


def gemm(attributes: Attributes, version: int) -> Apply:
    alpha, beta = attributes.number("alpha", 1.0), attributes.number("beta", 1.0)
    turns_a, turns_b = bool(attributes.integer("transA", 0)), bool(attributes.integer("transB", 0))
    if version < 7:
        attributes.ignore("broadcast")

    def apply(a: torch.Tensor, b: torch.Tensor, c: torch.Tensor | None = None) -> torch.Tensor:
        if a.ndim != 2 or b.ndim != 2:
            raise malformed("gemm")
        if turns_a:
            a = a.T
        product = F.linear(a, b) if turns_b else a @ b
        if alpha != 1:
            product = product * alpha
        if c is None or beta == 0:
            return product
        return product + (c if beta == 1 else c * beta)

    return apply


OPERATORS = {"Gemm": Operator(gemm), "MatMul": plain(torch.matmul)}
