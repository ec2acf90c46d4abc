"""onnxruntime's runtime alone: no converters, quantisers or training tools."""  # noqa: INP001

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("onnxruntime")
excludedimports = [
    "onnx",
    "sympy",
    "torch",
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "onnxruntime.quantization",
]
