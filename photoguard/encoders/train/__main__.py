"""The command: ``python -m photoguard.encoders.train PHOTOS --models DIR --out DIR``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from photoguard.encoders.students import LAYOUTS
from photoguard.encoders.students.loading import read
from photoguard.encoders.train import drawing
from photoguard.encoders.train.agreement import agreement
from photoguard.encoders.train.crops import crops
from photoguard.encoders.train.fitting import Course, fit
from photoguard.encoders.train.learning import constant
from photoguard.encoders.train.teacher import teacher_of
from photoguard.packs.tensors import written

_EVERY = 60
"""Each so-many-th face is kept for the figures."""
_MOST_FACES = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Teaches the students named, and prints for each one line of JSON with what came of it."""
    usual = Course()
    parser = argparse.ArgumentParser(prog="python -m photoguard.encoders.train", description=__doc__)
    parser.add_argument("photos", type=Path, help="a folder of portraits, with all folders in it")
    parser.add_argument("--models", type=Path, required=True, help="folder of the teachers, with a MANIFEST.toml")
    parser.add_argument("--out", type=Path, required=True, help="where students and notes are written")
    parser.add_argument("--students", default=",".join(one.name for one in LAYOUTS), metavar="NAME[,NAME]")
    parser.add_argument("--block-steps", type=int, default=usual.block_steps)
    parser.add_argument("--whole-steps", type=int, default=usual.whole_steps)
    parser.add_argument("--batch", type=int, default=usual.batch)
    parser.add_argument("--seed", type=int, default=usual.seed)
    said = parser.parse_args(arguments)
    wanted = said.students.split(",")
    if unknown := set(wanted) - {one.name for one in LAYOUTS}:
        parser.error(f"no such student: {', '.join(sorted(unknown))}")
    said.out.mkdir(parents=True, exist_ok=True)
    course = Course(said.block_steps, said.whole_steps, said.batch, seed=said.seed)
    faces = crops(said.photos, said.out / "crops.npy")
    kept = np.arange(len(faces)) % _EVERY == 0
    taught, shown = faces[~kept], faces[kept][:_MOST_FACES]
    for layout in LAYOUTS:
        if layout.name not in wanted:
            continue
        teacher = teacher_of(layout, said.models)
        started = time.process_time()
        network = fit(layout, teacher, taught, course, said.out / f"{layout.name}.notes", _tell(layout.name))
        seconds = time.process_time() - started
        data = written(constant(network))
        (said.out / f"{layout.name}.safetensors").write_bytes(data)
        chips = drawing.plain(shown, layout.chip)
        figures = agreement(read(data, layout), teacher.encoder, chips)
        line = {"name": layout.name, "bytes": len(data), "seconds": round(seconds), **asdict(figures)}
        print(json.dumps(line), flush=True)
    return 0


def _tell(name: str) -> Callable[[str, int, float], None]:
    def tell(part: str, step: int, loss: float) -> None:
        print(f"{name}: {part}, step {step}, loss {loss:.3f}", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main())
