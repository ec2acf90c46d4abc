"""The instruments a photo passes through, built once and handed down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from photoguard.domain import Options
from photoguard.errors import ProblemCode, UsageMistake

if TYPE_CHECKING:
    from photoguard.encoders.protocol import IdentityEncoder
    from photoguard.faces import Detector


@dataclass(frozen=True)
class Toolbox:
    """Holds loaded models; shared by all photos of a run."""

    detector: Detector
    encoders: tuple[IdentityEncoder, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the encoders, for the report."""
        return tuple(encoder.name for encoder in self.encoders)


def toolbox_for(options: Options) -> Toolbox:
    """Load what ``options`` need.

    Raises ``UsageMistake``: UNKNOWN_MODEL, or NOT_AVAILABLE_YET for an option whose engine does not exist; ``Failed``
    when a model file is missing or broken.
    """
    for name, is_wanted in (("shield-edits", options.shield_edits), ("persona", options.persona is not None)):
        if is_wanted:
            raise UsageMistake(ProblemCode.NOT_AVAILABLE_YET, option=name)
    from photoguard.encoders import load
    from photoguard.faces import best_detector

    return Toolbox(best_detector(options.detector), load(options.models))
