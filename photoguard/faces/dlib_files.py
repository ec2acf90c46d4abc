"""Finds dlib's model files in the package that carries them, without importing that package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from photoguard.errors import Failed, ProblemCode

LANDMARKS = "shape_predictor_5_face_landmarks.dat"
MMOD = "mmod_human_face_detector.dat"
RESNET = "dlib_face_recognition_resnet_model_v1.dat"


def path_of(name: str) -> Path:
    """Where ``name`` lies on this machine. Raises ``Failed(NO_DETECTOR)`` when it is not installed."""
    # importing face_recognition_models would need pkg_resources, which new Pythons no longer bring
    spec = importlib.util.find_spec("face_recognition_models")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "models" / name
        if path.is_file():
            return path
    raise Failed(ProblemCode.NO_DETECTOR)
