"""Measures what cosine means for a recogniser: of strangers, and of two photos of one person.

    python -m photoguard.bench.calibrating LFW [--models DIR] [--group NAMES.txt] [--people N]

LFW holds one folder per person and ``pairs-dev.csv``. Prints one table per recogniser in the form of
``photoguard/proof/calibration.toml``. NAMES.txt names people (folders), one a line, among whom strangers are measured once
more, apart: recognisers are worse at telling apart people from places that their training photos hardly showed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoguard.bench.recognising import vectors
from photoguard.encoders import BUILT_IN, load
from photoguard.encoders.model_folder import read_file, recognisers
from photoguard.encoders.onnx_encoder import read
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.faces.dlib_detector import DlibDetector
from photoguard.pixels import decode

_CENTRE = (50, 200)
"""Pixels of LFW's 250 in which the named person's face lies; others may stand around it."""

Vectors = npt.NDArray[np.float64]


def calibrated(people: Sequence[str], embeddings: Vectors, pairs: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Of unit vectors (n, d) and who is on each photo: quantiles of strangers' and of genuine cosines.

    ``pairs`` are places of two photos of one person. ``strangers``: median; ``far1e-2`` and ``far1e-3``: what a hundredth
    and a thousandth of strangers' pairs exceed; ``own``: median of the genuine pairs; ``own_low``: what a tenth stay under.
    """
    cosines = embeddings @ embeddings.T
    names = np.asarray(people)
    upper = np.triu_indices(len(names), 1)
    strangers = cosines[upper][names[upper[0]] != names[upper[1]]]
    own = np.array([cosines[one, other] for one, other in pairs])
    return {
        "strangers": float(np.median(strangers)),
        "far1e-2": float(np.quantile(strangers, 0.99)),
        "far1e-3": float(np.quantile(strangers, 0.999)),
        "own": float(np.median(own)),
        "own_low": float(np.quantile(own, 0.1)),
    }


def strangers_above(people: Sequence[str], embeddings: Vectors, border: float) -> float:
    """Share of pairs of different people whose cosine is above ``border``."""
    cosines = embeddings @ embeddings.T
    names = np.asarray(people)
    upper = np.triu_indices(len(names), 1)
    return float(np.mean(cosines[upper][names[upper[0]] != names[upper[1]]] > border))


def _embedded(
    paths: Iterable[Path], encoders: Sequence[IdentityEncoder]
) -> dict[Path, Mapping[str, tuple[float, ...]]]:
    """What each recogniser sees of the face in the middle of each photo; photos without one are passed over."""
    detector = DlibDetector()
    found: dict[Path, Mapping[str, tuple[float, ...]]] = {}
    low, high = _CENTRE
    for number, path in enumerate(paths):
        middle = np.ascontiguousarray(decode(path.read_bytes()).pixels[low:high, low:high])
        if middle.ndim == 2:
            middle = np.repeat(middle[..., None], 3, 2)
        faces = detector.detect(middle, thorough=False, check=lambda: None)
        if faces:
            face = max(faces, key=lambda one: one.box.width)
            found[path] = vectors(middle, face, encoders)
        if number % 100 == 0:
            print(number, file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("lfw", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--group", type=Path)
    parser.add_argument("--pairs", type=int, default=700)
    asked = parser.parse_args()
    encoders: list[IdentityEncoder] = list(load(BUILT_IN))
    digests = dict.fromkeys(BUILT_IN, "")
    for entry in recognisers(asked.models) if asked.models else ():
        encoders.append(read(read_file(entry), entry.name, entry.chip, entry.convention))
        digests[entry.name] = entry.sha256 or ""
    with (asked.lfw / "pairs-dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["same"] == "1"]
    step = max(1, len(rows) // asked.pairs)
    genuine = [(asked.lfw / row["path_a"], asked.lfw / row["path_b"]) for row in rows[::step]]
    group = asked.group.read_text(encoding="utf-8").split() if asked.group else []
    apart = [path for name in group for path in sorted((asked.lfw / name).glob("*.jpg"))]
    wanted = dict.fromkeys([*(path for pair in genuine for path in pair), *apart])
    seen = _embedded(wanted, encoders)
    paths = list(seen)
    places = {path: place for place, path in enumerate(paths)}
    people = [path.parent.name for path in paths]
    pairs = [(places[one], places[other]) for one, other in genuine if one in places and other in places]
    members = [places[path] for path in apart if path in places]
    print(f"# {len(paths)} photos of {len(set(people))} people, {len(pairs)} genuine pairs")
    if members:
        print(f"# apart: {len(members)} photos of {len({people[place] for place in members})} people")
    for encoder in encoders:
        embeddings = np.array([seen[path][encoder.name] for path in paths])
        numbers = calibrated(people, embeddings, pairs)
        print(f'\n[[scale]]\nname = "{encoder.name}"\nsha256 = "{digests[encoder.name]}"')
        for name, value in numbers.items():
            print(f"{name} = {value:.3f}")
        if members:
            inner, names = embeddings[members], [people[place] for place in members]
            own = calibrated(names, inner, [(0, 0)])
            for name in ("strangers", "far1e-2", "far1e-3"):
                print(f"apart_{name} = {own[name]:.3f}")
            for name in ("far1e-2", "far1e-3"):
                print(f"apart_above_{name} = {strangers_above(names, inner, numbers[name]):.4f}")


if __name__ == "__main__":
    main()
