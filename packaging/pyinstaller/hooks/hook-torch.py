"""PyTorch as photoguard uses it: what its modules import, and its libraries; no headers, tests, compilers or sources.

Takes the place of the hook that comes with PyInstaller, which brings all 754 MB along.
"""  # noqa: INP001

from pathlib import Path

from PyInstaller.utils.hooks import collect_dynamic_libs, collect_submodules, get_package_paths

# named in strings or by C++ only, hence unseen by PyInstaller
hiddenimports = [
    *("torch._C", "torch._VF", "torch.backends", "torch.distributed", "torch.utils._pytree", "torch.onnx.operators"),
    *collect_submodules("torch._dynamo"),
]
excludedimports = ["torchvision", "torchaudio", "triton", "tensorboard", "expecttest", "onnxscript"]

# tests of torch's own
_UNUSED = ("libtorchbind_test", "libjitbackend_test", "libbackend_with_compiler", "libaoti_custom_ops")
binaries = [
    (source, target)
    for source, target in collect_dynamic_libs("torch", search_patterns=["*.dll", "*.dylib", "lib*.so", "lib*.so.*"])
    if not any(name in source for name in _UNUSED) and "/test/" not in source.replace("\\", "/")
]
# torch asks for this program while it is imported
_manager = Path(get_package_paths("torch")[1], "bin", "torch_shm_manager")
if _manager.is_file():
    binaries.append((str(_manager), "torch/bin"))

# These read their own source while they are imported: settings with comments, functions with overloads.
_READ = (
    *("_functorch.config", "_export.config", "_dynamo.config", "_inductor.config", "_inductor.config_comms"),
    *("fx.experimental._config", "distributed.config", "compiler.config", "utils.serialization.config"),
    *("functional", "nn.functional", "nn.modules.rnn", "distributions.von_mises", "utils.mkldnn"),
)
module_collection_mode = {"torch": "pyz", **{f"torch.{name}": "pyz+py" for name in _READ}}
