"""How visible a change is, by every measure that is in use."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from photoguard.bench.recognising import Pixels
from photoguard.bench.ssim import ssim
from photoguard.cloak.region import display_crop
from photoguard.cloak.visibility import Judge
from photoguard.domain import Box
from photoguard.perception.colour import luma

_REFERENCE = "butteraugli_main"


def visibility(original: Pixels, changed: Pixels, box: Box) -> dict[str, float]:
    """Measures on the face crop of at most 512 px; both pictures in equal size.

    ``ssimulacra2``, ``butteraugli`` (3-norm), ``psnr`` in dB, ``ssim`` and ``dssim`` = (1 - ssim) / 2 (Wang et al. 2004,
    luma); ``butteraugli_main`` where libjxl's program is installed.
    """
    ours, theirs = display_crop(original, box), display_crop(changed, box)
    seen = Judge(ours).visibility(theirs)
    similarity = float(ssim(luma(ours), luma(theirs)))
    measures = {
        "ssimulacra2": seen.ssimulacra2,
        "butteraugli": seen.butteraugli,
        "psnr": min(99.0, -10 * float(np.log10(max(1e-10, float((ours - theirs).square().mean()))))),
        "ssim": similarity,
        "dssim": (1 - similarity) / 2,
    }
    if (program := _program()) is not None and (distance := _by_program(program, ours, theirs)) is not None:
        measures["butteraugli_main"] = distance
    return {name: round(value, 5) for name, value in measures.items()}


@lru_cache(maxsize=1)
def _program() -> str | None:
    return shutil.which(_REFERENCE)


def _by_program(program: str, ours: torch.Tensor, theirs: torch.Tensor) -> float | None:
    """The 3-norm that libjxl's own program prints; None where it does not."""
    with tempfile.TemporaryDirectory(prefix="photoguard-bench-") as folder:
        paths = [Path(folder) / name for name in ("a.png", "b.png")]
        for path, picture in zip(paths, (ours, theirs), strict=True):
            pixels = (picture[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
            Image.fromarray(pixels).save(path)
        try:
            done = subprocess.run(  # noqa: S603 - our own two files
                [program, *map(str, paths)], capture_output=True, text=True, timeout=60, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("3-norm:")]
    return float(lines[0].split(":")[1]) if lines else None
