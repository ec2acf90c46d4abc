"""Ways to protect a photo, ours and those of published work, behind one protocol."""

from photoguard.bench.methods.protocol import Method, Task, Written
from photoguard.bench.methods.table import METHODS, method

__all__ = ["METHODS", "Method", "Task", "Written", "method"]
