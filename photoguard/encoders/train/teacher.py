"""A recogniser that teaches: what each of its blocks hands on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch

from photoguard.encoders.model_folder import Role, read_file, recognisers
from photoguard.encoders.onnx_encoder import OnnxEncoder, read
from photoguard.encoders.students import Layout

# numbers of the steps after which a block ends, as our loader counts them; the last block ends with the network
_ENDS = {
    "espdl_mfn": (6, 11, 17, 23, 29, 35, 40, 46, 52, 58, 64, 70, 76, 86, 92, 98),
    "foamliu": (5, 10, 16, 22, 28, 34, 39, 45, 51, 57, 63, 69, 75, 80, 86, 92),
}


class Teacher:
    """One surrogate, never a judge."""

    def __init__(self, encoder: OnnxEncoder, ends: tuple[int, ...]) -> None:
        self.encoder = encoder
        self._ends = frozenset(ends)

    def values(self, chips: torch.Tensor) -> list[torch.Tensor]:
        """What every block makes of RGB ``chips`` in 0..1, the raw vectors (n, d) last. Without gradients."""
        with torch.no_grad():
            *inside, vectors = self.encoder.network.along(self.encoder.prepared(chips), self._ends)
            return [*inside, vectors.reshape(len(chips), -1)]

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, d); differentiable in the chips."""
        return self.encoder.embed(chips)


def teacher_of(layout: Layout, models: Path) -> Teacher:
    """The very file that the student called for, out of the folder ``models`` with its MANIFEST.toml.

    Raises ``ValueError`` where it is missing, another one, or kept for judging; ``Failed`` where it cannot be read.
    """
    for entry in recognisers(models):
        if entry.name == layout.teacher and entry.role is Role.SURROGATE:
            data = read_file(entry)
            if hashlib.sha256(data).hexdigest() == layout.teacher_sha256:
                return Teacher(read(data, entry.name, entry.chip, entry.convention), _ENDS[layout.teacher])
    raise ValueError(f"{models} has no surrogate {layout.teacher} with SHA-256 {layout.teacher_sha256}")
