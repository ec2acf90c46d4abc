"""Where a false identity lies among what an encoder sees: drawn from its seed, near nobody's photo."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import torch
import torch.nn.functional as F

from photoguard.domain import Persona
from photoguard.encoders.protocol import IdentityEncoder


def direction(persona: Persona, encoder: IdentityEncoder, own: torch.Tensor) -> torch.Tensor:
    """(1, d): the unit vector of ``persona`` among the embeddings of ``encoder``, at a right angle to ``own`` (1, d).

    A mixture of all the encoder's dimensions, drawn from the seed: no face, of anybody, is behind it, and whoever does not
    have the seed cannot know it. In as many dimensions as encoders have, nobody's embedding is near it.
    """
    seed = hmac.digest(persona.seed, encoder.name.encode(), hashlib.sha256)
    drawn = np.random.default_rng(np.frombuffer(seed, np.uint32)).standard_normal(own.shape[1])
    mixture = torch.from_numpy(drawn).to(own)[None]
    return F.normalize(mixture - (mixture * own).sum() * own, dim=1)
