"""The perturbation that makes face encoders see somebody else while people see the same person."""

from photoguard.cloak.cloaking import LEAST_FACE_PX, Cloaked, CloakedFace, cloak
from photoguard.cloak.coding import fine_enough
from photoguard.cloak.presets import PRESETS, Budget, Preset
from photoguard.cloak.views import ViewRange

__all__ = [
    "LEAST_FACE_PX",
    "PRESETS",
    "Budget",
    "Cloaked",
    "CloakedFace",
    "Preset",
    "ViewRange",
    "cloak",
    "fine_enough",
]
