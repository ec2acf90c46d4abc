"""Which latent encoders and decoders this computer has, and which of them may take part in a shield."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from photoguard.errors import ProblemCode, UsageMistake
from photoguard.packs.description import Model, Purpose
from photoguard.packs.registry import registry
from photoguard.packs.store import Installed, installed
from photoguard.packs.whereabouts import models_folder

if TYPE_CHECKING:
    from photoguard.latents.protocol import LatentDecoder, LatentEncoder

_HELD_OUT = "taesana_encoder"
"""The registry's encoder that tells how a shield carries over to editors it was not made against."""


@dataclass(frozen=True)
class Latents:
    """All latent spaces that can be looked into here."""

    taking_part: tuple[LatentEncoder, ...]
    """A shield is worked out against these."""
    held_out: tuple[LatentEncoder, ...]
    """These only measure it."""
    decoders: Mapping[str, LatentDecoder]
    """By family."""

    @property
    def everything(self) -> tuple[LatentEncoder | LatentDecoder, ...]:
        return *self.encoders, *self.decoders.values()

    @property
    def encoders(self) -> tuple[LatentEncoder, ...]:
        return *self.taking_part, *self.held_out


def is_ready() -> bool:
    """Whether an encoder is installed that a shield can be worked out against; reads no model file."""
    return any(_takes_part(one.model) for one in _store() if one.model.purpose is Purpose.LATENT_ENCODER)


def load() -> Latents:
    """Everything that is installed, loaded.

    Raises ``UsageMistake(NO_LATENT_ENCODER)`` where none may take part in a shield; ``Failed`` for a file that cannot be used.
    """
    from photoguard.latents import reading

    if not is_ready():
        raise UsageMistake(ProblemCode.NO_LATENT_ENCODER)
    here = _store()
    taking_part: list[LatentEncoder] = []
    held_out: list[LatentEncoder] = []
    decoders: dict[str, LatentDecoder] = {}
    for one in here:
        if one.model.purpose is Purpose.LATENT_ENCODER:
            (taking_part if _takes_part(one.model) else held_out).append(reading.encoder(one.read(), one.model))
        elif one.model.purpose is Purpose.LATENT_DECODER:
            decoder = reading.decoder(one.read(), one.model)
            decoders[decoder.family] = decoder
    return Latents(tuple(taking_part), tuple(held_out), decoders)


def _takes_part(model: Model) -> bool:
    """Known by its hash and its family, not by a name that somebody may change."""
    held_out = registry().named(_HELD_OUT)
    assert held_out is not None
    return held_out.model.sha256 not in {model.sha256, model.made_from} and model.family != held_out.model.family


def _store() -> tuple[Installed, ...]:
    return installed(models_folder(), registry())
