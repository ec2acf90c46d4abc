"""Which detector finds the faces: the best installed one, or the one that was named."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from photoguard.errors import ProblemCode, UsageMistake
from photoguard.packs.description import DLIB, Purpose
from photoguard.packs.registry import registry
from photoguard.packs.store import installed
from photoguard.packs.whereabouts import models_folder

if TYPE_CHECKING:
    from photoguard.faces.detector import Detector
    from photoguard.packs.store import Installed


def best_detector(name: str = "") -> Detector:
    """The detector called ``name``; without a name the best installed one that anybody may use, else dlib's.

    Raises ``UsageMistake(UNKNOWN_MODEL)`` for a name that is not installed; ``Failed``: NEEDS_DETECTORS where a named one
    cannot run, MODEL_CHANGED and the like where its file cannot be used.
    """
    here = {} if name == DLIB else _installed_detectors()
    if name and name not in here and name != DLIB:
        raise UsageMistake(ProblemCode.UNKNOWN_MODEL, model=name)
    chosen = here.get(name)
    if not name and find_spec("onnxruntime") is not None:
        chosen = min((one for one in here.values() if _is_free(one)), key=_rank, default=None)
    if chosen is None:
        from photoguard.faces.dlib_detector import DlibDetector

        return DlibDetector()
    from photoguard.faces import networks
    from photoguard.faces.pack_detector import PackDetector

    return PackDetector(chosen.model.name, networks.read(chosen.read(), chosen.model.name))


def _installed_detectors() -> dict[str, Installed]:
    here = installed(models_folder(), registry())
    return {one.model.name: one for one in here if one.model.purpose is Purpose.DETECTOR}


def _is_free(one: Installed) -> bool:
    return one.model.licence.id in registry().licences and not one.model.licence.is_research_only


def _rank(one: Installed) -> tuple[int, str]:
    """The registry names the better ones first; what it does not know comes last."""
    order = [offer.model.sha256 for offer in registry().offers]
    place = order.index(one.model.sha256) if one.model.sha256 in order else len(order)
    return place, one.model.name
