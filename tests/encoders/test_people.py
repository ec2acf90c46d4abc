"""Every local recogniser, fed through our alignment and conventions, tells people apart.

A wrong channel order, range or template would look like good protection; here it looks like blindness.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch

from photoguard.cloak.likeness import embedding
from photoguard.domain import FaceChoice
from photoguard.encoders import judges, load
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.faces import find_faces
from photoguard.faces.dlib_detector import DlibDetector
from photoguard.pixels import decode

_PAIRS = 8


@pytest.mark.corpus
@pytest.mark.slow
def test_recognises_people(shared: Path, model_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = shared / "photos" / "lfw-dev" / "pairs-dev.csv"
    if not listing.is_file():
        pytest.skip(f"no pairs at {listing}")
    monkeypatch.setenv("PHOTOGUARD_MODELS", str(model_files))
    encoders: list[IdentityEncoder] = [*load()[1:], *(judges.load(judge) for judge in judges.judges(model_files))]
    detector = DlibDetector()

    def vectors(path: str) -> list[torch.Tensor] | None:
        photo = decode((listing.parent / path).read_bytes())
        faces = find_faces(photo, FaceChoice.LARGEST, detector)
        if not faces:
            return None
        picture = torch.from_numpy(photo.pixels.copy()).permute(2, 0, 1)[None].float() / 255
        with torch.no_grad():
            return [embedding(encoder, picture, faces[0])[0] for encoder in encoders]

    cosines: dict[str, list[list[float]]] = {"0": [], "1": []}
    with listing.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if len(cosines[row["same"]]) == _PAIRS:
                continue
            both = vectors(row["path_a"]), vectors(row["path_b"])
            if both[0] is not None and both[1] is not None:
                cosines[row["same"]].append([float(a @ b) for a, b in zip(*both, strict=True)])
            if all(len(pairs) == _PAIRS for pairs in cosines.values()):
                break
    same, different = (np.array(cosines[kind]).mean(0) for kind in ("1", "0"))
    # on 40 pairs each: .65 to .73 and -.015 to .01
    assert (same > 0.5).all()
    assert (np.abs(different) < 0.2).all()
