"""All methods by name."""

from __future__ import annotations

from photoguard.bench.methods.fawkes import FAWKES
from photoguard.bench.methods.fawkes2 import FAWKES2
from photoguard.bench.methods.ours import Ours, OursInFolders
from photoguard.bench.methods.protocol import Method
from photoguard.bench.methods.sign_pgd import MOMENTUM_EOT, PGD
from photoguard.errors import ProblemCode, UsageMistake

METHODS: dict[str, Method] = {one.name: one for one in (Ours(), OursInFolders(), FAWKES, PGD, MOMENTUM_EOT, FAWKES2)}


def method(name: str) -> Method:
    """The method called ``name``. Raises ``UsageMistake(UNKNOWN_METHOD)``."""
    if name not in METHODS:
        raise UsageMistake(ProblemCode.UNKNOWN_METHOD, method=name, known=", ".join(METHODS))
    return METHODS[name]
