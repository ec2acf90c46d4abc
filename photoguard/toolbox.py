"""The instruments a photo passes through, built once and handed down."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from photoguard.domain import Options

if TYPE_CHECKING:
    import torch

    from photoguard.encoders.protocol import IdentityEncoder
    from photoguard.faces import Detector
    from photoguard.latents import Latents


@dataclass(frozen=True)
class Toolbox:
    """Holds loaded models; shared by all photos of a run."""

    detector: Detector
    encoders: tuple[IdentityEncoder, ...]
    judges: tuple[IdentityEncoder, ...] = ()
    """Recognisers that have no part in the cloak and tell what became of it."""
    reader: IdentityEncoder | None = None
    """Tells the people of a folder apart, whichever encoders take part; None: nobody does."""

    latents: Latents | None = None
    """What image editors read a photo through; None where no shield was asked for."""

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the encoders, for the report."""
        return tuple(encoder.name for encoder in self.encoders)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the detector's and encoders' names and every weight: equal only for equal instruments."""
        digest = hashlib.sha256(self.detector.name.encode())
        # the last ones only measure, but what was measured stands in the outcome
        for encoder in (*self.encoders, *(self.latents.everything if self.latents else ())):
            digest.update(f"|{encoder.name}|".encode())
            weights: dict[str, torch.Tensor] = getattr(encoder, "state_dict", dict)()
            for name, values in sorted(weights.items()):
                digest.update(f"{name}:{tuple(values.shape)}:".encode())
                digest.update(values.contiguous().numpy().tobytes())
        return digest.hexdigest()


def toolbox_for(options: Options) -> Toolbox:
    """Load what ``options`` need.

    Raises ``UsageMistake``: UNKNOWN_MODEL, NO_LATENT_ENCODER; ``Failed`` when a model file is missing or broken.
    """
    from photoguard.encoders import dlib_resnet, load
    from photoguard.encoders.judges import independent
    from photoguard.faces import best_detector

    latents = _latents() if options.shield_edits else None
    encoders = load(options.models)
    judges = independent([encoder.name for encoder in encoders])
    reader = next((one for one in encoders if isinstance(one, dlib_resnet.DlibResNet)), None) or dlib_resnet.load()
    return Toolbox(best_detector(options.detector), encoders, judges, reader, latents)


def _latents() -> Latents:
    from photoguard.latents import load

    return load()


@lru_cache(maxsize=1)
def kept_toolbox(options: Options) -> Toolbox:
    """:func:`toolbox_for`, remembered while ``options`` stay the same."""
    return toolbox_for(options)
